import type { ActionStep, OnFailure, Step, WaitForStep } from '../../../domain/playbook/step.ts';
import type { ActingSource, StepSource } from '../schema/step.ts';
import { inWords } from '../words.ts';
import { actionOf } from './action.ts';
import { intervalOf, timeoutOf } from './defaults.ts';
import { paramsOf } from './param.ts';
import { riskOf } from './risk.ts';

/** `step:rebuild` and its kin. */
export const onFailureOf = (text: string | undefined): OnFailure => {
	const [word = 'ask', id] = (text ?? 'ask').split(':');
	if (word === 'step' && id !== undefined) return { do: 'step', step: id };
	if (word === 'playbook' && id !== undefined) return { do: 'playbook', playbook: id };
	if (word === 'abort' || word === 'continue' || word === 'rollback') return { do: word };
	return { do: 'ask' };
};

type Common = Omit<Extract<Step, { kind: 'approval' }>, 'kind' | 'of' | 'by'>;

const commonOf = (source: StepSource, phase: string | undefined): Common => {
	const { note, confirm, loses, leaves, target, when, unless, register, expect, artifact, nextStep } = source;
	const undo = source.undo === undefined ? undefined : actionOf(source.undo);
	return {
		id: source.id,
		title: source.title ?? inWords(source.id),
		...(note === undefined ? {} : { note }),
		...(source.source === undefined ? {} : { source: source.source }),
		...(phase === undefined ? {} : { phase }),
		// A step that has to declare its risk and does not never gets so far; were one to, it is taken for the worst.
		risk: riskOf(source) ?? 'destructive',
		...(confirm === undefined ? {} : { confirm }),
		...(loses === undefined ? {} : { loses }),
		...(leaves === undefined ? {} : { leaves }),
		...(target === undefined ? {} : { target }),
		...(when === undefined ? {} : { when }),
		...(unless === undefined ? {} : { unless }),
		...(register === undefined ? {} : { register }),
		...(expect === undefined ? {} : { expect }),
		timeoutSeconds: timeoutOf(source),
		maxAttempts: source.maxAttempts ?? 1,
		intervalSeconds: intervalOf(source),
		onFailure: onFailureOf(source.onFailure),
		...(nextStep === undefined || nextStep === 'end' ? {} : { nextStep }),
		isEnd: source.isEnd ?? nextStep === 'end',
		...(undo === undefined ? {} : { undo }),
		...(artifact === undefined ? {} : { artifact }),
		secret: source.secret ?? false,
	};
};

/** A step of a kind that may stand in `parallel`. */
const actingStepOf = (source: ActingSource, phase: string | undefined): ActionStep | WaitForStep => {
	const common = commonOf(source, phase);
	if (source.kind === 'waitFor') return { ...common, kind: 'waitFor', action: actionOf(source) ?? { kind: 'signal' }, consecutiveSuccessLimit: source.consecutiveSuccessLimit ?? 1 };
	return { ...common, kind: source.kind, action: needed(actionOf(source), source.id) };
};

/** One step with every default filled in. @param phase the phase it stands in */
export const stepOf = (source: StepSource, phase: string | undefined): Step => {
	const common = commonOf(source, phase);
	switch (source.kind) {
		case 'command':
		case 'container':
		case 'http':
		case 'database':
		case 'rollout':
		case 'waitFor':
			return actingStepOf(source, phase);
		case 'watch':
			return {
				...common,
				kind: 'watch',
				action: actionOf(source) ?? { kind: 'signal' },
				windowSeconds: source.windowSeconds,
				criteria: source.criteria.map((each) => (typeof each === 'string' ? { title: each, holds: each } : each)),
				failureLimit: source.failureLimit ?? 0,
			};
		case 'branch':
			return { ...common, kind: 'branch', ...(source.criteria === undefined ? {} : { criteria: source.criteria }), choices: source.choices };
		case 'manual':
			return { ...common, kind: 'manual', instructions: source.instructions ?? '', checklist: source.checklist ?? [] };
		case 'input':
			return { ...common, kind: 'input', fields: paramsOf(source.fields), ...(source.offers === undefined ? {} : { offers: source.offers }) };
		case 'approval':
			return { ...common, kind: 'approval', of: source.of, ...(source.by === undefined ? {} : { by: source.by }) };
		case 'notify': {
			const action = actionOf(source);
			return { ...common, kind: 'notify', message: source.message, ...(action?.kind === 'command' || action?.kind === 'http' ? { action } : {}) };
		}
		case 'parallel':
			return {
				...common,
				kind: 'parallel',
				steps: source.steps.map((each) => actingStepOf(each, phase)),
			};
		case 'playbook':
			return { ...common, kind: 'playbook', playbook: source.playbook, params: source.params ?? {} };
	}
};

const needed = <T>(value: T | undefined, id: string): T => {
	if (value === undefined) throw new Error(`step ${id} has no action`);
	return value;
};
