import { makeRunHome } from '../../support/runHome.ts';
import { keys } from '../../support/terminal.ts';
import { confirmChange, startRun } from '../../pty/playbooks.ts';
import type { Figure } from '../figure.ts';
import { ms, spread } from '../statistics.ts';

const containers = 20;
const turns = 7;
const targetMs = 1000;

const playbook = `steps:
${Array.from({ length: 8 }, (_, index) => `- {id: look${index}, title: Look ${index}, risk: read, sh: 'seq 1 200'}`).join('\n')}
- {id: mend, title: Mend it, risk: change, timeoutSeconds: 300, sh: 'echo begun; sleep 200'}
- {id: after, title: Afterwards, risk: change, run: [echo, after]}
`;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const runResume: Figure = {
	id: 'run-resume',
	title: 'a run after kill -9 of its console',
	promise: `to a full picture of the resumed run: median <= ${targetMs} ms`,
	method: `${turns} times: a console with a run of ten steps is killed with SIGKILL in the middle of a command; another one is started at once, beside ${containers} containers, and p and Enter are typed as soon as it shows what they need: from the kill to the frame with every step's result, the command under way and its output`,
	async run(bench) {
		await bench.idle(containers);
		const took: number[] = [];
		const screen: number[] = [];
		for (let turn = 0; turn < turns; turn++) {
			await using home = await makeRunHome({ resume: playbook });
			await using first = await bench.live({ home, env: home.env, rows: 40 });
			await startRun(first, 'resume');
			await confirmChange(first, 'Mend it');
			await first.waitFor(/^ begun/m);
			const began = performance.now();
			first.kill('SIGKILL');
			await using second = await bench.console({ home, env: home.env, rows: 40 });
			second.type('p');
			const shown = await second.waitFor('Unfinished: Test resume');
			second.type(keys.enter);
			await second.waitFor((seen) => /^>run {2}Mend it/m.test(seen.text()) && /^ begun/m.test(seen.text()) && /done Look 7/.test(seen.text()), { what: 'the whole run' });
			took.push((second.chunks.at(-1)?.at ?? performance.now()) - began);
			screen.push(shown - began);
			second.type('4a');
			await second.waitFor('Cancel the run');
			second.type(`jjjj${keys.enter}`);
			await second.waitFor(/^ OVER /m);
		}
		const middle = median(took);
		return [{ measured: `median ${ms(middle)}`, reached: middle <= targetMs, beside: [`to the full picture ${spread(took)}`, `of which to the list with the run in it ${spread(screen)}`] }];
	},
};
