import { until } from '../../../src/drill/until.ts';
import { confirmChange, startRun } from '../../pty/playbooks.ts';
import { makeRunHome } from '../../support/runHome.ts';
import { keys } from '../../support/terminal.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { median, ms, spread } from '../statistics.ts';
import { serviceNames, SwapServices } from '../swapService.ts';

const turns = 10;
const targetMs = 500;
const waitMs = 60_000;

const name = `${serviceNames}healthy`;

/** As the shipped rollbacks move a service, without what they verify afterwards. */
const moveTo = (image: string): string => `params:
  service: {type: service}
steps:
- {id: plan, title: The plan, rollout: {action: plan, service: '\${{params.service}}', to: '${image}'}, timeoutSeconds: 60}
- {id: swap, title: Move it, risk: change, rollout: {action: swap, service: '\${{params.service}}', to: '${image}', plan: '\${{plan.planId}}'}, timeoutSeconds: 120, isEnd: true}
`;

const measure = async (bench: Bench) => {
	await using services = await SwapServices.open(bench);
	await services.make({ name, published: true });
	await using home = await makeRunHome({ move0: moveTo(services.images[0]), move1: moveTo(services.images[1]) });
	const whole: number[] = [];
	const bare: number[] = [];
	for (let turn = 0; turn < turns; turn++) {
		const to = (turn + 1) % 2;
		const began = performance.now();
		await services.stopAndStart(name);
		bare.push((await services.healthy(name)) - began);
		await using terminal = await bench.live({ home, env: home.env, rows: 40, columns: 120 });
		terminal.type(`/${name}${keys.enter}`);
		await terminal.waitFor(`filter /${name}`);
		await startRun(terminal, `move${to}`);
		await confirmChange(terminal, 'Move it');
		const confirmed = performance.now();
		await until(async () => (await services.versionOf(name)) === to, { timeoutMs: waitMs, everyMs: 5, what: 'the other version to run' });
		whole.push((await services.healthy(name)) - confirmed);
		await terminal.waitFor(/^ done {2}/m, { what: 'the end of the run' });
		for (const each of await services.namesLike(`${name}-sitrep-`)) await bench.remove(each);
	}
	return { whole, bare };
};

export const rollbackHealthy: Figure = {
	id: 'rollback-healthy',
	title: 'Rollback, confirmation to healthy',
	promise: `beyond a bare stop, start and the service's own way to healthy: <= ${targetMs} ms at the median`,
	method: `a service with a published port and a health check every 200 ms is moved between two versions ${turns} times by a person's Enter at the console's confirmation: from the key to the other version being healthy for the engine; before each move the same container is stopped and started by the engine's own calls, one right after the other: from the first call to healthy`,
	async run(bench) {
		const { whole, bare } = await measure(bench);
		const beyond = whole.map((time, index) => time - (bare[index] ?? Number.NaN));
		return [{ measured: `${ms(median(beyond))} beyond`, reached: median(beyond) <= targetMs, beside: [`beyond: ${spread(beyond)}`, `key to healthy: ${spread(whole)}`, `bare stop and start, to healthy: ${spread(bare)}`] }];
	},
};
