import { fill } from '../action/fill.ts';
import { previewAction, previewText, resolveAction } from '../action/resolve.ts';
import type { Facts, Scope } from '../action/scope.ts';
import type { Action, BranchStep, InputStep, Step } from '../../domain/playbook/step.ts';
import type { ResolvedAction } from '../../domain/run/action.ts';
import type { ChoiceState, CriterionState } from '../../domain/run/state.ts';
import { childOf } from './childOf.ts';
import { undoesChild } from './children.ts';
import { judgeCriteria, withCriteria } from './criteria.ts';
import type { Judgement } from './judge.ts';
import { judge, valueWords } from './judge.ts';
import { stepState } from './moves.ts';
import type { Offers } from './offers.ts';
import { offersFor } from './offers.ts';
import { scopeOf } from './scope.ts';
import type { Secrets } from './secrets.ts';
import type { FoldedRun } from './track.ts';

/** What a step would do, in words for the screen and the journal. */
export interface Preview {
	/** As one would type it, redacted. */
	readonly command: string;
	readonly target?: string;
	readonly loses?: string;
	/** Why it cannot be made ready: nothing of it can run. */
	readonly problem?: string;
}

/** The parts of a step that run by themselves, with every `${{ }}` filled in. */
export interface Prepared extends Preview {
	readonly parts: readonly Part[];
}

/** An action of a step, or of a part of it, ready to be carried out. */
export interface Part {
	readonly step: Step;
	readonly resolved: ResolvedAction;
}

interface Shown {
	readonly shown: string;
	readonly target?: string;
	readonly refused?: string;
}

/** A run seen at one moment: conditions judged, templates filled in. Pure over the state, the secrets and the facts. */
export interface RunView {
	readonly scope: Scope;
	judge(expression: string): Judgement;
	/** A template as text, with what is not known left as it stands, redacted. */
	text(template: string): string;
	/** What a step would do; what is not known yet is left as it stands. */
	preview(step: Step, undo: boolean): Preview;
	/** Makes a step ready to run; what is not known is a problem. */
	prepare(step: Step, undo: boolean): Prepared;
	/** The table of decision of a branch and its choices; the choices see how many criteria hold. */
	decide(step: BranchStep): { readonly criteria?: readonly CriterionState[]; readonly choices: readonly ChoiceState[] };
	offers(step: InputStep): Offers | undefined;
	readonly secretsMissing: readonly string[];
}

const actionOf = (step: Step, undo: boolean): Action | undefined => {
	if (undo) return step.undo;
	if (!('action' in step) || step.action === undefined || step.action.kind === 'signal') return undefined;
	return step.action;
};

const actionsOf = (step: Step, undo: boolean): readonly { readonly step: Step; readonly action: Action }[] => {
	const steps: readonly Step[] = step.kind === 'parallel' && !undo ? step.steps : [step];
	return steps.flatMap((each) => {
		const action = actionOf(each, undo);
		return action === undefined ? [] : [{ step: each, action }];
	});
};

/** What a step without an action of its own does, in words. */
const wordsFor = (step: Step, text: (template: string) => string): string => {
	switch (step.kind) {
		case 'waitFor':
			return `wait until ${step.expect ?? 'it succeeds'}`;
		case 'watch':
			return `watch for ${step.windowSeconds} s: ${step.criteria.map((each) => each.title).join(', ')}`;
		case 'branch':
			return `choose: ${step.choices.map((choice) => choice.title).join(' / ')}`;
		case 'manual':
			return text(step.instructions);
		case 'input':
			return `ask for ${Object.keys(step.fields).join(', ')}`;
		case 'approval':
			return `ask ${step.by ?? 'a second person'} to approve: ${text(step.of)}`;
		case 'notify':
			return `tell: ${text(step.message)}`;
		case 'playbook':
			return `playbook ${step.playbook}`;
		default:
			return step.title;
	}
};

/** Makes the view of a state. */
export const viewOf = (state: FoldedRun, secrets: Secrets, facts: Facts): RunView => {
	const scope = scopeOf(state, secrets, facts);
	const redact = (text: string): string => secrets.redactor.text(text);
	const text = (template: string): string => redact(previewText(template, scope));
	const scopeFor = (step: Step): Scope => {
		if (step.kind !== 'notify') return scope;
		return { ...scope, values: { ...scope.values, message: fill(step.message, scope, { where: 'message', unresolved: 'keep' }).text } };
	};
	const resolveOne = (step: Step, action: Action): Part => {
		const resolved = resolveAction(action, scopeFor(step));
		secrets.derive(resolved.secrets ?? []);
		return { step, resolved };
	};
	const previewOne = (step: Step, action: Action): Shown => previewAction(action, scopeFor(step));
	const around = (step: Step, shown: readonly Shown[]): Pick<Preview, 'target' | 'loses'> => {
		const targets = step.target === undefined ? [...new Set(shown.flatMap((part) => part.target ?? []))] : [text(step.target)];
		const target = redact(targets.join(' '));
		return { ...(target === '' ? {} : { target }), ...(step.loses === undefined ? {} : { loses: text(step.loses) }) };
	};
	const words = (step: Step, undo: boolean, shown: readonly Shown[]): string => {
		// A part that looks at signals has nothing to run; its words stand for it.
		const waits = step.kind === 'parallel' && !undo ? step.steps.filter((each) => actionOf(each, false) === undefined).map((each) => wordsFor(each, text)) : [];
		if (undo && undoesChild(step)) return `take back what playbook ${childOf(stepState(state, step.id))?.playbook ?? ''} did (run ${childOf(stepState(state, step.id))?.runId ?? ''})`;
		const all = [...shown.map((part) => part.shown), ...waits];
		return redact(all.length === 0 ? wordsFor(step, text) : all.join('  &  '));
	};
	const preview = (step: Step, undo: boolean): Preview => {
		const shown = actionsOf(step, undo).map(({ step: each, action }) => previewOne(each, action));
		const problem = shown.find((part) => part.refused !== undefined)?.refused;
		return { command: words(step, undo, shown), ...around(step, shown), ...(problem === undefined ? {} : { problem: redact(problem) }) };
	};
	const prepare = (step: Step, undo: boolean): Prepared => {
		try {
			const parts = actionsOf(step, undo).map(({ step: each, action }) => resolveOne(each, action));
			const shown = parts.map((part) => part.resolved);
			return { command: words(step, undo, shown), parts, ...around(step, shown) };
		} catch (error) {
			return { ...preview(step, undo), parts: [], problem: redact(error instanceof Error ? error.message : String(error)) };
		}
	};
	return {
		scope,
		judge: (expression) => judge(expression, scope),
		text,
		preview,
		prepare,
		decide: (step) => {
			const judged = step.criteria === undefined ? undefined : judgeCriteria(step.criteria, scope);
			const seen = judged === undefined ? scope : withCriteria(scope, judged);
			const choices = step.choices.map((choice) => ({
				title: choice.title,
				holds: choice.when === undefined ? undefined : judge(choice.when, seen).holds,
				evidence: choice.evidence === undefined ? '' : redact(valueWords(choice.evidence, seen)),
				nextStep: choice.nextStep,
			}));
			const criteria = judged?.map((each) => ({ ...each, figure: redact(each.figure), baseline: redact(each.baseline) }));
			return { ...(criteria === undefined ? {} : { criteria }), choices };
		},
		offers: (step) => offersFor(step, scope, redact),
		secretsMissing: secrets.missing(state),
	};
};
