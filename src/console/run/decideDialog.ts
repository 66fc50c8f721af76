import type { Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
import { criteriaView, criteriaWords } from './criteria.ts';
import { command, options, titleOf } from './dialogParts.ts';
import type { RunDialog } from './view.ts';

const holdsWords = (holds: boolean | undefined): string => (holds === undefined ? 'cannot tell' : holds ? 'true' : 'not true');

const evidenceWords = (suggested: number): string => (suggested === -1 ? 'The evidence speaks for none of them.' : 'The one that the evidence speaks for is selected.');
const criteriaSpeak = (suggested: number): string => (suggested === -1 ? 'This speaks for none of the choices: it is yours.' : 'The choice that this speaks for is selected.');

/** The causes of a branch with their evidence, under its table of decision where it has one. */
export const decideDialog = (run: RunScene, waiting: Extract<Waiting, { kind: 'choose' }>): RunDialog => {
	const criteria = waiting.criteria === undefined || waiting.criteria.length === 0 ? undefined : criteriaView(waiting.criteria);
	return options(
		titleOf(run, waiting.step),
		[criteria === undefined ? `Which one is it? ${evidenceWords(waiting.suggested)}` : `${criteriaWords(criteria)}. ${criteriaSpeak(waiting.suggested)}`],
		waiting.choices.map((choice, index) => ({
			id: String(index),
			title: choice.title,
			detail: [...(criteria === undefined || choice.holds === undefined ? [holdsWords(choice.holds)] : []), choice.evidence].filter((part) => part !== '').join(': '),
			risk: 'read' as const,
			answer: command({ kind: 'choose', step: waiting.step, choice: index }),
		})),
		{ selected: Math.max(0, waiting.suggested), ...(criteria === undefined ? {} : { criteria }) },
	);
};
