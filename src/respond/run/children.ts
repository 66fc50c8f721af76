import type { PlaybookStep, Step } from '../../domain/playbook/step.ts';
import type { RunHandle } from '../../domain/run/control.ts';
import type { Param, ParamValue } from '../../domain/playbook/param.ts';
import { fill } from '../action/fill.ts';
import { toText } from '../action/plain.ts';
import { RunError } from './errors.ts';
import type { HeldLease } from './lease.ts';
import { stepState } from './moves.ts';
import type { RunPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { FoldedRun } from './track.ts';
import type { RunView } from './view.ts';

/** A run of another playbook that is to be started as a part of a run. */
export interface ChildRequest {
	readonly playbook: string;
	readonly params: Readonly<Record<string, string>>;
	readonly secrets: Readonly<Record<string, string>>;
	readonly execution: string;
	readonly lease: HeldLease;
	/** Since when the fault is known, epoch ms; absent: as its parent has it. */
	readonly faultAt?: number;
}

/** A run within a run, with what the machine knows of it. */
export interface ChildHandle extends RunHandle {
	readonly state: FoldedRun;
}

/** Starts and finds runs of other playbooks for a run. */
export interface ChildRuns {
	/** @throws ParamError, RunError, JournalError */
	start(parent: FoldedRun, request: ChildRequest): Promise<ChildHandle>;
	/** The run that an execution started, carried on under the same lease; absent where none was started. */
	resume(parent: FoldedRun, execution: string, lease: HeldLease): Promise<ChildHandle | undefined>;
	/**
	 * Takes back what a run within a run did: it is opened again and rolled back under the same lease. One that is being
	 * rolled back, or was, is carried on, or given as it is.
	 * @throws RunError, JournalError
	 */
	rollBack(parent: FoldedRun, runId: string, lease: HeldLease): Promise<ChildHandle>;
	/** The run that an execution started, to watch it. @param runId where it is known */
	watch(parentRunId: string, execution: string, runId?: string): Promise<ChildHandle | undefined>;
}

/** So deep may playbooks run one another. */
export const maxDepth = 5;

interface Given {
	readonly params: Readonly<Record<string, string>>;
	readonly secrets: Readonly<Record<string, string>>;
}

/** Parameters of a `playbook` step. @throws RunError, TemplateError */
export const givenByStep = (step: PlaybookStep, view: RunView, ports: Pick<RunPorts, 'findPlaybook'>): Given => {
	const definitions = ports.findPlaybook(step.playbook)?.playbook.params ?? {};
	const params: Record<string, string> = {};
	const secrets: Record<string, string> = {};
	for (const [name, template] of Object.entries(step.params)) {
		const filled = fill(template, view.scope, { where: `params.${name}` });
		if (definitions[name]?.type === 'secret') secrets[name] = filled.text;
		else if (filled.parts.some((part) => part.secret)) throw new RunError(`parameter ${name} of ${step.playbook} is no secret, but is given one`, 'make it a parameter of type secret');
		else params[name] = filled.text;
	}
	return { params, secrets };
};

/** The value of the only parameter of a type that a run has. */
const onlyOfType = (state: FoldedRun, type: Param['type']): ParamValue | undefined => {
	const values = new Set(Object.entries(state.playbook.params).flatMap(([name, param]) => (param.type === type ? [state.params[name] ?? ''] : [])).filter((value) => value !== ''));
	return values.size === 1 ? [...values][0] : undefined;
};

/** What a run knows of a parameter of another playbook: what it has by the same name, else the service or container that it is about, else what the service and its settings give. */
const knownFor = (name: string, param: Param, state: FoldedRun, prefilled: ParamValue | undefined): ParamValue | undefined => {
	const value = state.params[name];
	if (value !== undefined && value !== '') return value;
	if (param.type === 'service') return state.service ?? onlyOfType(state, 'service') ?? onlyOfType(state, 'container');
	// Rather the service's own name, which may be refused, than a default that names something else.
	return param.type === 'container' ? (onlyOfType(state, 'container') ?? prefilled ?? state.service) : prefilled;
};

/**
 * Since when the fault is known, for a playbook that takes over after a failure: as the run has it; an incident is one
 * since it began; elsewhere it is the failure itself.
 */
export const faultOf = (state: FoldedRun): number => {
	if (state.faultAt !== undefined) return state.faultAt;
	const failed = state.playbook.kind === 'incident' || state.current === undefined ? undefined : stepState(state, state.current)?.attempts.findLast((each) => each.endedAt !== undefined && each.outcome !== 'done');
	return failed?.endedAt ?? state.startedAt;
};

/** Parameters of a playbook that takes over after a failure: all that the run knows of them. */
export const givenByName = (playbook: string, state: FoldedRun, secrets: Secrets, ports: Pick<RunPorts, 'findPlaybook' | 'prefill'>): Given => {
	const found = ports.findPlaybook(playbook);
	const definitions = found?.playbook.params ?? {};
	const prefilled = (found === undefined ? undefined : ports.prefill?.(found, state.service)) ?? {};
	const params: Record<string, string> = {};
	const given: Record<string, string> = {};
	for (const [name, param] of Object.entries(definitions)) {
		if (param.type === 'secret') {
			const secret = secrets.value(name);
			if (secret !== undefined) given[name] = secret;
			continue;
		}
		const value = knownFor(name, param, state, prefilled[name]);
		if (value !== undefined) params[name] = toText(value);
	}
	return { params, secrets: given };
};

/** The playbook that an execution of a step runs: its own, or the one that takes over after its failure. */
export const playbookOf = (step: Step, handOver: boolean): string | undefined => {
	if (handOver) return step.onFailure.do === 'playbook' ? step.onFailure.playbook : undefined;
	return step.kind === 'playbook' ? step.playbook : undefined;
};

/** Whether the undo of a step is to take back the run that it ran. */
export const undoesChild = (step: Step): boolean => step.kind === 'playbook' && step.undo === undefined;
