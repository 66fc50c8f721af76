import type { PlaybookStep, Step } from '../../domain/playbook/step.ts';
import type { RunHandle } from '../../domain/run/control.ts';
import { fill } from '../action/fill.ts';
import { toText } from '../action/plain.ts';
import { RunError } from './errors.ts';
import type { HeldLease } from './lease.ts';
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
}

/** Starts and finds runs of other playbooks for a run. */
export interface ChildRuns {
	/** @throws ParamError, RunError, JournalError */
	start(parent: FoldedRun, request: ChildRequest): Promise<RunHandle>;
	/** The run that an execution started, carried on under the same lease; absent where none was started. */
	resume(parent: FoldedRun, execution: string, lease: HeldLease): Promise<RunHandle | undefined>;
	/** The same, to watch it. */
	watch(parentRunId: string, execution: string): Promise<RunHandle | undefined>;
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

/** Parameters of a playbook that takes over after a failure: those of the run that it knows by the same name. */
export const givenByName = (playbook: string, state: FoldedRun, secrets: Secrets, ports: Pick<RunPorts, 'findPlaybook'>): Given => {
	const definitions = ports.findPlaybook(playbook)?.playbook.params ?? {};
	const params: Record<string, string> = {};
	const given: Record<string, string> = {};
	for (const [name, param] of Object.entries(definitions)) {
		const value = state.params[name];
		if (param.type === 'secret') {
			const secret = secrets.value(name);
			if (secret !== undefined) given[name] = secret;
		} else if (value !== undefined && value !== '') params[name] = toText(value);
	}
	return { params, secrets: given };
};

/** The playbook that an execution of a step runs: its own, or the one that takes over after its failure. */
export const playbookOf = (step: Step, handOver: boolean): string | undefined => {
	if (handOver) return step.onFailure.do === 'playbook' ? step.onFailure.playbook : undefined;
	return step.kind === 'playbook' ? step.playbook : undefined;
};
