import { sanitiseText } from '../../domain/sanitise.ts';
import type { UnknownChoice, Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
import { ask, command, dialog, never, options, titleOf } from './dialogParts.ts';
import type { Answer, OptionItem, RunDialog } from './view.ts';

type Unknown = Extract<Waiting, { kind: 'unknown' }>;

const usual: readonly (Pick<UnknownChoice, 'as' | 'title'> & Partial<UnknownChoice>)[] = [
	{ as: 'done', title: 'It was done' },
	{ as: 'failed', title: 'It failed' },
	{ as: 'retry', title: 'Do it again' },
	{ as: 'skip', title: 'Leave it out' },
];

const answerOf = ({ step, execution }: Unknown, { as, title }: Pick<UnknownChoice, 'as' | 'title'>): Answer =>
	as === 'rollback' ? command({ kind: 'rollback' }) : dialog(ask(title, { kind: 'settle', step, execution, as }, { lines: ['How do you know (goes into the record):'] }));

/** What was found of a step whose end nobody knows, and what can be done about it. The harmless answer has the focus, also where one is advised. */
export const unknownDialog = (run: RunScene, waiting: Unknown): RunDialog =>
	options(
		`What became of it is not known: ${titleOf(run, waiting.step)}`,
		[...waiting.evidence, ...(waiting.unless === undefined ? [] : [waiting.unless ? 'What it brings about is there already.' : 'What it brings about is not there.'])],
		[
			never,
			...(waiting.choices ?? usual).map((choice): OptionItem => ({
				id: choice.as,
				title: choice.title,
				...(choice.why === undefined ? {} : { detail: sanitiseText(choice.advised === true ? `advised: ${choice.why}` : choice.why) }),
				risk: choice.as === 'retry' || choice.as === 'rollback' ? 'change' : 'read',
				answer: answerOf(waiting, choice),
			})),
		],
		{ tone: 'p0' },
	);
