import type { Playbook } from '../../../domain/playbook/playbook.ts';
import type { Risk } from '../../../domain/playbook/risk.ts';
import { analyseArgv, analyseShell } from '../../shell/analyse.ts';
import type { ShellAnalysis } from '../../shell/types.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import { riskOf } from '../normalise/risk.ts';
import type { ActionSource } from '../schema/action.ts';
import type { PlaybookSource } from '../schema/playbook.ts';
import type { StepSource } from '../schema/step.ts';

export type Path = readonly PropertyKey[];

/** A step with its place. Those within `parallel` stand behind it. */
export interface StepAt {
	readonly step: StepSource;
	readonly path: Path;
	/** Place among the steps of the playbook itself; absent within `parallel`. */
	readonly index?: number;
	readonly risk: Risk;
}

/** An action of a step: its own, or what takes it back. */
export interface ActionAt {
	readonly action: ActionSource;
	readonly path: Path;
	readonly of: StepAt;
	readonly undo: boolean;
	/** What its command line would do, where it is one. */
	readonly shell?: ShellAnalysis;
	/** Where the offsets of `shell` begin: the script, or the argument vector, which has none. */
	readonly shellPath: Path;
}

/** Everything that a lint rule looks at. */
export interface Subject {
	readonly source: PlaybookSource;
	readonly steps: readonly StepAt[];
	readonly actions: readonly ActionAt[];
	/** Playbooks by id; absent where they are not known. */
	readonly library?: ReadonlyMap<string, Playbook>;
}

export type LintRule = (subject: Subject) => readonly PlaybookComplaint[];

const stepsOf = (source: PlaybookSource): readonly StepAt[] =>
	source.steps.flatMap((step, index): readonly StepAt[] => {
		const path = ['steps', index];
		const own: StepAt = { step, path, index, risk: riskOf(step) ?? 'destructive' };
		if (step.kind !== 'parallel') return [own];
		return [own, ...step.steps.map((child, at): StepAt => ({ step: child, path: [...path, 'steps', at], risk: riskOf(child) ?? 'destructive' }))];
	});

/** The action that stands on a step itself. */
const bodyOf = (step: StepSource): ActionSource | undefined => {
	switch (step.kind) {
		case 'command':
		case 'container':
		case 'http':
		case 'database':
		case 'rollout':
		case 'waitFor':
		case 'watch':
		case 'notify':
			return step;
		case 'branch':
		case 'manual':
		case 'input':
		case 'approval':
		case 'parallel':
		case 'playbook':
			return undefined;
	}
};

const actionAt = (action: ActionSource, path: Path, of: StepAt, undo: boolean): ActionAt => {
	const base = { action, path, of, undo };
	if (action.sh !== undefined) {
		// On the host a failure in a pipeline counts; which shell a container has is not known.
		return { ...base, shell: analyseShell(action.sh, { pipefail: action.in === undefined }), shellPath: [...path, 'sh'] };
	}
	if (action.run !== undefined) return { ...base, shell: analyseArgv(action.run), shellPath: [...path, 'run'] };
	return { ...base, shellPath: path };
};

/** @param library playbooks by id, where they are known */
export const subjectOf = (source: PlaybookSource, library: ReadonlyMap<string, Playbook> | undefined): Subject => {
	const steps = stepsOf(source);
	const actions = steps.flatMap((of): readonly ActionAt[] => {
		const body = bodyOf(of.step);
		return [
			...(body === undefined ? [] : [actionAt(body, of.path, of, false)]),
			...(of.step.undo === undefined ? [] : [actionAt(of.step.undo, [...of.path, 'undo'], of, true)]),
		];
	});
	return { source, steps, actions, ...(library === undefined ? {} : { library }) };
};

/** Makes a complaint of a rule. */
export const complain =
	(rule: string, level: PlaybookComplaint['level']) =>
	(path: Path, message: string, wayOut: string, more: { readonly atKey?: boolean; readonly offset?: number } = {}): PlaybookComplaint => ({
		rule,
		level,
		path,
		message,
		wayOut,
		atKey: more.atKey ?? false,
		...(more.offset === undefined ? {} : { offset: more.offset }),
	});
