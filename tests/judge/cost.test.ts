import { cpuUsage } from 'node:process';
import { expect, it } from 'vitest';
import { builtInRules } from '../../src/judge/builtInRules.ts';
import { createJudge } from '../../src/judge/judge.ts';
import { describeService } from '../../src/judge/words.ts';
import { container, detail, facts, noon } from './facts.ts';

it('judges 300 services by all rules once a second for less than 3 % of a core', () => {
	const judge = createJudge(builtInRules());
	const errors = Array.from({ length: 300 }, (_, index) => ({ at: noon - (299 - index) * 1000, value: 1 }));
	const all = Array.from({ length: 300 }, (_, index) =>
		facts({
			service: { id: `s${index}`, name: `s${index}` },
			containers: [container({ id: `c${index}`, health: 'healthy', detail: detail() })],
			history: { starts: [noon - 1000], ends: [] },
			// Some have errors in their log, and some have no figures at all.
			signals: { 'cpu.quotaPercent': 10, 'log.linesIn5Minutes': 1000, 'log.errorsIn5Minutes': index % 10 === 0 ? errors : 0, ...(index % 10 === 1 ? { 'memory.percent': [] } : {}) },
		}),
	);
	const tick = (second: number): void => {
		for (const each of all) describeService(judge.evaluate(each, noon + second));
	};
	for (let second = 0; second < 5; second++) tick(second);
	const before = cpuUsage();
	for (let second = 5; second < 15; second++) tick(second);
	const { user, system } = cpuUsage(before);
	expect((user + system) / 1000 / 10).toBeLessThan(30);
});
