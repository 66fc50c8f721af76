import { createHash } from 'node:crypto';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { PlaybookProblem } from '../../domain/playbook/problem.ts';
import { playbookOf } from './normalise/playbook.ts';
import { parsePlaybook } from './parse.ts';

/** A playbook that was read, or why it was not. `loaded` is absent where the format is not met. */
export interface PlaybookReading {
	readonly loaded?: LoadedPlaybook;
	readonly problems: readonly PlaybookProblem[];
}

/** SHA-256 of a playbook's text, hex: what a run is pinned to. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Reads one playbook from its YAML and fills in every default. What lint would say is no part of it.
 * @param file its name, for messages and for the record
 * @param pack folder it belongs to, such as `p09`
 */
export const loadPlaybook = (text: string, file: string, pack: string): PlaybookReading => {
	const { source, problems } = parsePlaybook(text, file);
	if (source === undefined) return { problems };
	return { loaded: { playbook: playbookOf(source), file, text, hash: hashOf(text), pack }, problems };
};

/** `file:12:7: steps[3].sh: message. Way out`. */
export const formatPlaybookProblem = (problem: PlaybookProblem): string => {
	const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
	const way = problem.wayOut === undefined ? '' : `. ${problem.wayOut}`;
	return `${place}: ${problem.level} ${problem.rule}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}${way}`;
};
