import type { RunSummary } from '../../domain/journal.ts';
import type { LoadedPlaybook, Playbook } from '../../domain/playbook/playbook.ts';
import type { RunHandle } from '../../domain/run/control.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import type { RunBench } from './bench.ts';
import type { RollbackOffer, Rollbacks } from './rollbackDialog.ts';

/** Made for the service first, then for its image, then for any; drafts after all others. */
const rankOf = ({ appliesTo, draft }: Playbook): number => (draft ? 10 : 0) + (appliesTo?.service !== undefined ? 0 : appliesTo?.image !== undefined ? 1 : 2);

const offersOf = (bench: RunBench, status: ServiceStatus): readonly RollbackOffer[] =>
	bench
		.fits(status)
		.filter(({ loaded }) => loaded.playbook.kind === 'rollback')
		.map(({ loaded, why, values }) => ({ loaded, why, values }))
		.toSorted((one, other) => rankOf(one.loaded.playbook) - rankOf(other.loaded.playbook));

/** What is known of the runs that are not over. */
export interface RunsNow {
	/** The run that is open, and the one of those within it that acts now. */
	readonly open: RunHandle | undefined;
	readonly active: RunHandle | undefined;
	readonly unfinished: readonly RunSummary[];
}

const isRollback = (playbooks: readonly LoadedPlaybook[], id: string): boolean => playbooks.find((each) => each.playbook.id === id)?.playbook.kind === 'rollback';

/** The run by which one comes to a run that is a part of another: the outermost one that is not over. */
const outermost = (run: RunSummary, unfinished: readonly RunSummary[]): RunSummary => {
	const parent = unfinished.find((each) => each.runId === run.parentRunId);
	return parent === undefined || parent.runId === run.runId ? run : outermost(parent, unfinished.filter((each) => each !== run));
};

/** Everything that can be rolled back of a service now. */
export const rollbacksOf = (bench: RunBench, status: ServiceStatus, { open, active, unfinished }: RunsNow): Rollbacks => {
	const service = status.service.id;
	const playbooks = bench.playbooks ?? [];
	const holds = (handle: RunHandle | undefined): handle is RunHandle => handle !== undefined && handle.state.endedAt === undefined && handle.state.service === service && !handle.state.dryRun;
	const others = unfinished.filter((run) => run.service === service && !run.dryRun && run.runId !== open?.id && run.runId !== active?.id);
	const rollback = others.find((run) => isRollback(playbooks, run.playbookId));
	const top = rollback === undefined ? undefined : outermost(rollback, unfinished);
	const running = holds(active) && active.state.playbook.kind === 'rollback' ? { runId: active.id, open: true } : top === undefined ? undefined : { runId: top.runId, open: top.runId === open?.id };
	const other = others[0];
	const held = holds(open)
		? { runId: open.id, title: open.state.playbook.title, open: true }
		: other === undefined
			? undefined
			: { runId: other.runId, title: other.title, open: false };
	return {
		service,
		...(running === undefined ? {} : { running }),
		...(held === undefined ? {} : { held }),
		offers: offersOf(bench, status),
		moves: bench.moves?.(status) ?? [],
		find: (id) => playbooks.find((each) => each.playbook.id === id),
	};
};
