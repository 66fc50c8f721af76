import process from 'node:process';
import { makeRunHome, type RunHome } from '../../support/runHome.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { killedRollback, killPlaybook, killPlaybookId, undisturbed, type KillOutcome } from '../killedRollback.ts';
import { ms } from '../statistics.ts';
import { serviceNames, SwapServices } from '../swapService.ts';

/** Fewer for a first look: SITREP_BENCH_KILLS=10. */
const kills = Number(process.env['SITREP_BENCH_KILLS'] ?? 200);
/** Services that are moved at the same time. */
const atOnce = 3;
/** Share of the kills that fall before the move itself begins. */
const early = 0.2;

/** Names that are no beginning of one another. */
const nameOf = (worker: number): string => `${serviceNames}kill${worker}x`;

const measure = async (bench: Bench): Promise<{ readonly outcomes: readonly KillOutcome[]; readonly wayMs: number; readonly moveMs: number }> => {
	await using services = await SwapServices.open(bench);
	const outcomes: KillOutcome[] = [];
	let left = kills;
	let known: { wayMs: number; moveMs: number } | undefined;
	const worker = async (index: number): Promise<void> => {
		const name = nameOf(index);
		const { url } = await services.make({ name, published: true });
		// A record of its own, as each engineer on call has: what is measured is no lock of a file.
		await using home: RunHome & AsyncDisposable = await makeRunHome({ [killPlaybookId]: killPlaybook });
		await undisturbed({ bench, services, home, name });
		const { wayMs, moveMs } = await undisturbed({ bench, services, home, name });
		known ??= { wayMs, moveMs };
		for (; left > 0; ) {
			const number = left--;
			const moment = Math.random() < early ? -Math.random() : Math.random();
			const outcome = await killedRollback({ bench, services, home, name, url, moment, wayMs, moveMs, alsoTool: number % 2 === 0, choose: number % 4 < 2 ? 'again' : 'back' });
			outcomes.push(outcome);
			if (outcome.ended !== 'old' && outcome.ended !== 'new') {
				await bench.remove(name);
				for (const each of await services.namesLike(name)) await bench.remove(each);
				await services.make({ name, published: true });
			}
		}
	};
	await Promise.all(Array.from({ length: atOnce }, (_, index) => worker(index)));
	return { outcomes, wayMs: known?.wayMs ?? Number.NaN, moveMs: known?.moveMs ?? Number.NaN };
};

const mostShown = 10;

export const rollbackKilled: Figure = {
	id: 'rollback-killed',
	title: 'Rollbacks whose console is killed',
	promise: `${kills} of ${kills} end in the old or the new state, with the service up, after the next console has been asked`,
	method: `${kills} rollbacks by the command line, ${atOnce} at a time, of small services with a published port; each console is killed with SIGKILL at a random moment, four of five within the move itself, and in half of them the program that carries the move out is killed as well. Another console takes the run up in a terminal and answers what it asks, in half of the cases by taking the move back. Then the service has to run one of the two versions under its name, healthy, answering, with its restart policy, and nothing may be left beside it but the version that is kept`,
	async run(bench) {
		const { outcomes, wayMs, moveMs } = await measure(bench);
		const count = (ended: string): number => outcomes.filter((each) => each.ended === ended).length;
		const good = count('old') + count('new');
		const bad = outcomes.filter(({ ended }) => ended !== 'old' && ended !== 'new');
		return [
			{
				measured: `${good} of ${outcomes.length}`,
				reached: good === outcomes.length && outcomes.length === kills,
				beside: [
					`${count('old')} in the old state, ${count('new')} in the new one`,
					`${outcomes.filter(({ midway }) => midway).length} were in the middle of the move when the console had been killed`,
					`undisturbed: ${ms(wayMs)} to the move, ${ms(moveMs)} for it`,
					...bad.slice(0, mostShown).map(({ ended, words }) => `NOT: ${ended} (${words})`),
					...(bad.length > mostShown ? [`${bad.length - mostShown} more`] : []),
				],
			},
		];
	},
};
