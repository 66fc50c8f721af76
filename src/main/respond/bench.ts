import type { Live } from '../../console/live.ts';
import type { RunBench } from '../../console/run/bench.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import { systemClock } from '../../domain/systemClock.ts';
import { fitPlaybooks } from '../../respond/playbook/fit.ts';
import type { Library } from '../../respond/playbook/library.ts';
import type { Setting } from '../setting.ts';
import { Baselines } from './baselines.ts';
import { factsOf } from './facts.ts';
import { readLibrary } from './library.ts';
import { Moves } from './moves.ts';
import { personHere } from './person.ts';
import { openResponding } from './responder.ts';
import { keepVersions } from './versionKeeper.ts';

/** What stands behind the playbook pane of a console. @param readOnly nothing of what is seen is written down */
export const openBench = async (setting: Setting, live: Live, readOnly: boolean): Promise<RunBench> => {
	let library: Library | undefined;
	const person = personHere();
	const playbooks = new Map<string, LoadedPlaybook>();
	const baselines = new Baselines();
	const responding = await openResponding({ engine: setting.engine, about: live.inventory.info, playbooks, facts: factsOf(live, () => systemClock.now(), baselines), services: () => live.services, probesOf: setting.probesOf, paramsOf: setting.paramsOf, readOnly, ...(person === undefined ? {} : { person }) });
	const { responder, journal, actor } = responding;
	const endKeeping = keepVersions({ live, clock: systemClock, journal, actor, engine: setting.engine.target.address, baselines, writes: !readOnly, watchWindowOf: setting.watchWindowOf });
	const moves = new Moves(journal, setting.engine.target.address);
	return {
		moves: (status) => moves.of(status.service.id),
		responder: {
			actor,
			start: (request) => responder.start(request),
			open: (runId, options) => responder.open(runId, options),
			unfinished: () => responder.unfinished(),
			resolve: (request) => responder.resolve(request),
			async close() {
				moves.close();
				await endKeeping();
				await responding.close();
			},
		},
		async readLibrary(turn) {
			library = await readLibrary(turn);
			for (const each of library.playbooks) playbooks.set(each.playbook.id, each);
		},
		get playbooks() {
			return library?.playbooks;
		},
		get problems() {
			return library?.problems ?? [];
		},
		fits: (status) =>
			status === undefined || library === undefined ? [] : fitPlaybooks(library.playbooks, status.service, status.alerts, setting.paramsOf(status.service)).map((fit) => ({ loaded: fit.loaded, why: fit.why, fires: fit.alert?.state === 'firing', values: fit.params })),
		async record(event) {
			const [stored] = await journal.append([{ actor, event }]);
			if (stored === undefined) throw new Error('the journal gave nothing back');
			return stored;
		},
	};
};
