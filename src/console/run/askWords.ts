import type { Playbook } from '../../domain/playbook/playbook.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import type { Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
import { criteriaView, criteriaWords } from './criteria.ts';
import type { RunView } from './view.ts';

/** First line, harmless. */
const line = (text: string): string => sanitiseText(text.split('\n')[0] ?? '');

/** Why the journal cannot be used, without where it is: the reason must not fall off the end of a narrow row. */
const reasonOf = (why: string): string => line(why).replace(/^the journal .* cannot be (?:written|read): /, '');

/** A table of decision speaks for itself: how many of its criteria are met. */
const deciding = ({ criteria }: Extract<Waiting, { kind: 'choose' }>): RunView['asks'] => {
	if (criteria === undefined || criteria.length === 0) return { words: 'which cause is it?', tone: 'plain', keys: 'Enter: choose' };
	const view = criteriaView(criteria);
	return { words: criteriaWords(view), tone: view.critical > 0 ? 'p0' : view.warning > 0 ? 'p2' : 'plain', keys: 'Enter: decide' };
};

const askWords = (waiting: Waiting, playbook: Playbook): RunView['asks'] => {
	const title = 'step' in waiting ? (playbook.steps.find((each) => each.id === waiting.step)?.title ?? waiting.step) : '';
	switch (waiting.kind) {
		case 'confirm':
			return { words: waiting.typed === undefined ? `${waiting.undo ? 'take it back' : 'run it'}? ${waiting.risk.toUpperCase()}` : `DESTRUCTIVE: type ${waiting.typed}`, tone: waiting.typed === undefined ? 'plain' : 'p0', keys: 'Enter: look and confirm  s: skip' };
		case 'choose':
			return deciding(waiting);
		case 'manual':
			if (playbook.steps.find((each) => each.id === waiting.step)?.kind === 'notify') return { words: 'do this by hand: tell them, then say so', tone: 'plain', keys: 'c: copy it  Enter: answer' };
			return { words: 'do this by hand, then say so', tone: 'plain', keys: 'Enter: tick and answer' };
		case 'input':
			return waiting.offers === undefined ? { words: `${title}: values are asked for`, tone: 'plain', keys: 'Enter: give them' } : { words: title, tone: 'plain', keys: 'Enter: choose' };
		case 'approval':
			return { words: 'waits for a second person', tone: 'plain', keys: 'Enter: how' };
		case 'secret':
			return { words: `${waiting.title} is needed`, tone: 'plain', keys: 'Enter: type it, it is not shown' };
		case 'failed':
			return { words: `failed: ${line(waiting.words)}`, tone: 'p0', keys: 'Enter: decide' };
		case 'unknown':
			return { words: 'what became of it is not known', tone: 'p0', keys: 'Enter: decide' };
		case 'playbook':
			return { words: `go on with ${waiting.playbook}?`, tone: 'plain', keys: 'Enter: decide' };
		case 'journal':
			return { words: `no record, no change: ${reasonOf(waiting.why)}`, tone: 'p0', keys: 'Enter: what to do' };
	}
};

/** What a run waits for, in a few words with the key that answers. */
export const asksOf = (scene: RunScene): RunView['asks'] => {
	if (scene.state.endedAt !== undefined) return undefined;
	if (scene.role === 'adrift') return { words: 'nobody carries it out: its console is gone', tone: 'p1', keys: 'Enter: carry on from here' };
	if (scene.role === 'watching' && scene.waiting?.kind !== 'approval') return { words: `watching: ${scene.holder ?? 'another console'} acts`, tone: 'plain', keys: 'Enter: take over' };
	if (scene.waiting !== undefined) return askWords(scene.waiting, scene.state.playbook);
	if (scene.trouble === undefined) return undefined;
	const { why, advice, unrecorded } = scene.trouble;
	return { words: unrecorded === 0 ? reasonOf(why) : `not recorded (${unrecorded} ${unrecorded === 1 ? 'event' : 'events'}): ${reasonOf(why)}`, tone: 'p0', keys: advice };
};

