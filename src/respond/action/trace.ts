import { formatDuration } from '../../domain/duration.ts';
import type { RolloutRecord } from '../../domain/journal.ts';
import type { ContainerAction, RolloutAction } from '../../domain/playbook/step.ts';
import type { ActionPlace, ActionTrace } from '../../domain/run/action.ts';
import { movedService } from './command.ts';
import { engineWords, findContainer, onlyLooks, stateWords } from './containerWork.ts';
import type { ActionPorts } from './ports.ts';

/** Time of one look at the engine, ms. */
const lookTimeoutMs = 5000;

const relativeTo = (startedAt: number | undefined, at: number): string => {
	if (startedAt === undefined) return '';
	return at >= startedAt ? `: ${formatDuration(at - startedAt)} after the step began` : ': before the step began';
};

/** What the engine says now of a container that somebody was acting on: evidence, never a verdict. */
export const traceContainer = async (action: ContainerAction, startedAt: number | undefined, ports: ActionPorts): Promise<ActionTrace> => {
	const read = onlyLooks(action) ? { repeatable: true } : {};
	try {
		const options = { timeoutMs: lookTimeoutMs };
		const { id, name } = await findContainer(ports.engine, action.name, options);
		const found = await ports.engine.inspect(id, options);
		if (found === undefined) return { kind: 'unknown', evidence: [`${name} is gone`], ...read };
		const now = ports.clock.now();
		const evidence = [`${name} is ${stateWords(found)}`];
		const { startedAt: up, finishedAt: down } = found;
		if (up !== undefined && up > 0) evidence.push(`started ${formatDuration(now - up)} ago${relativeTo(startedAt, up)}`);
		if (found.state !== 'running' && down !== undefined && down > 0) evidence.push(`ended ${formatDuration(now - down)} ago${relativeTo(startedAt, down)}`);
		return { kind: 'unknown', evidence, ...read };
	} catch (error) {
		return { kind: 'unknown', evidence: [`the engine says nothing of ${action.name}: ${engineWords(error)}`], ...read };
	}
};

const serving = { old: 'the old version answers', new: 'the new version answers', both: 'both versions answer', nobody: 'nobody answers' } as const;

/** The move that a step was at: one of its own run, or the one it named. Any other was not begun by it. */
const ownMove = (action: RolloutAction, moves: readonly RolloutRecord[], { about, startedAt = 0 }: { readonly about?: ActionPlace; readonly startedAt?: number }): RolloutRecord | undefined => {
	const own = moves.filter((move) => (about === undefined ? move.begunAt >= startedAt : move.runId === about.runId));
	return own.find((move) => move.planId === action.plan) ?? own.find((move) => move.end === undefined) ?? own.find((move) => move.begunAt >= startedAt);
};

const endWords = { swapped: 'it was carried out', restored: 'it was taken back', stuck: 'the old version could not be brought back' } as const;

const standing = async (move: RolloutRecord, ports: ActionPorts): Promise<Pick<Extract<ActionTrace, { kind: 'unknown' }>, 'evidence' | 'advice'>> => {
	const engine = ports.rollout?.engine;
	if (engine === undefined) return { evidence: [] };
	try {
		const found = await engine.examine(move.state, { timeoutMs: lookTimeoutMs });
		const can = (what: 'finish' | 'undo', words: string): string => `${words}: ${found[what].possible ? 'possible' : 'not possible'}, ${found[what].why}`;
		return {
			evidence: [...found.evidence, `now ${serving[found.serving]}`, ...(found.stage === 'half' || found.stage === 'done' ? [can('finish', 'to finish it'), can('undo', 'to take it back')] : [])],
			...(found.advice === undefined ? {} : { advice: found.advice }),
		};
	} catch (error) {
		return { evidence: [`the engine does not say how it stands: ${engineWords(error)}`] };
	}
};

/**
 * What the journal and the engine say of a move whose program is gone: evidence, never a verdict.
 * @param found what its supervisor left
 */
export const traceRollout = async (action: RolloutAction, found: readonly string[], options: { readonly about?: ActionPlace; readonly startedAt?: number }, ports: ActionPorts): Promise<ActionTrace> => {
	// Nothing of it changes anything: it can simply be asked again.
	if (action.action === 'versions' || action.action === 'plan') return { kind: 'unknown', evidence: found, repeatable: true };
	if (ports.rollout === undefined) return { kind: 'unknown', evidence: found };
	let moves: readonly RolloutRecord[];
	try {
		moves = await ports.rollout.moves(movedService(action, options.about, ports));
	} catch (error) {
		return { kind: 'unknown', evidence: [...found, `how far it came is not known: ${error instanceof Error ? error.message : String(error)}`] };
	}
	const move = ownMove(action, moves, options);
	if (move === undefined) return { kind: 'unknown', evidence: [...found, 'no move was begun by it: nothing was changed'] };
	const { plan } = move.state;
	const recorded = [
		`move ${move.planId} of ${plan.subject.name}: ${plan.from.image} -> ${plan.to.image}`,
		...(move.end === undefined ? [move.act === undefined ? 'it was begun, and no act of it' : `${move.undoing ? 'it was being taken back, and' : 'it'} was left at "${move.act.words}"`] : [`by its record ${endWords[move.end]}`]),
	];
	const { evidence, advice } = await standing(move, ports);
	return { kind: 'unknown', evidence: [...found, ...recorded, ...evidence], ...(advice === undefined ? {} : { advice }) };
};
