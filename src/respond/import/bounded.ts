import { parse } from 'unbash';
import { analyseShell } from '../shell/analyse.ts';
import { baseName } from '../shell/classify.ts';
import { masked, placeholdersIn } from './placeholders.ts';

/** A word of a command with its place in the text. */
interface Piece {
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

const piecesOf = (command: string): readonly Piece[] => {
	const node = parse(masked(command, placeholdersIn(command))).commands[0]?.command;
	if (node?.type !== 'Command' || node.name === undefined) return [];
	return [node.name, ...node.args].map(({ pos, end }) => ({ text: command.slice(pos, end), start: pos, end }));
};

/** What becomes of each word: another text, or nothing. */
type Rewrite = (words: readonly string[]) => readonly (string | undefined)[] | undefined;

const without = (words: readonly string[], drop: (word: string, index: number) => boolean): (string | undefined)[] => words.map((word, index) => (index > 0 && drop(word, index) ? undefined : word));

/** Takes letters out of bundles of short options: `-ft` without f is `-t`. */
const withoutLetters = (words: readonly (string | undefined)[], letters: RegExp): (string | undefined)[] =>
	words.map((word, index) => {
		if (word === undefined || index === 0 || !/^-[A-Za-z]+$/.test(word)) return word;
		const rest = word.slice(1).replaceAll(letters, '');
		return rest === '' ? undefined : `-${rest}`;
	});

const after = (words: readonly (string | undefined)[], word: string, more: string): (string | undefined)[] => words.map((each) => (each === word ? `${word} ${more}` : each));

const logs: Rewrite = (words) => {
	const plain = withoutLetters(without(words, (word) => /^--follow(?:=.*)?$/.test(word)), /f/g);
	const bounded = words.some((word) => /^(?:--tail|--since|-n)/.test(word));
	return bounded ? plain : after(plain, 'logs', '--tail=200');
};

/** Engines and clusters: `logs -f`, `stats`, `events`, `get -w`, `exec -it`. */
const engine: Rewrite = (words) => {
	const verb = words.find((word, index) => index > 0 && /^(?:logs|stats|events|get|exec|run)$/.test(word));
	switch (verb) {
		case 'logs':
			return logs(words);
		case 'stats':
			return after(words, 'stats', '--no-stream');
		case 'events':
			return after(words, 'events', words.some((word) => word.startsWith('--since')) ? '--until 0s' : '--since 10m --until 0s');
		case 'get':
			return withoutLetters(without(words, (word) => /^--watch(?:-only)?(?:=.*)?$/.test(word)), /w/g);
		case 'exec':
		case 'run': {
			const at = words.indexOf(verb);
			const plain = without(words, (word, index) => index > at && /^--(?:tty|interactive|stdin)$/.test(word));
			// Only the options right behind the verb are the engine's own.
			const own = plain.findIndex((word, index) => index > at && word !== undefined && !word.startsWith('-'));
			return [...withoutLetters(plain.slice(0, own), /[it]/g), ...plain.slice(own)];
		}
		default:
			return undefined;
	}
};

const rewrites: Readonly<Record<string, Rewrite>> = {
	docker: engine,
	podman: engine,
	nerdctl: engine,
	'docker-compose': engine,
	kubectl: engine,
	oc: engine,
	journalctl: (words) => [...withoutLetters(without(words, (word) => word === '--follow'), /f/g), ...(words.some((word) => /^(?:-n|--lines|--since|-S)/.test(word)) ? ['--no-pager'] : ['-n 200 --no-pager'])],
	tail: (words) => {
		const plain = withoutLetters(without(words, (word) => /^--(?:follow|retry)/.test(word)), /[fF]/g).map((word) => word?.replace(/^(-\d+)[fF]$/, '$1'));
		return words.some((word) => /^(?:-n|--lines|-\d|-c)/.test(word)) ? plain : plain.map((word, index) => (index === 0 && word !== undefined ? `${word} -n 200` : word));
	},
	top: (words) => [words[0], '-b -n 1', ...words.slice(1)],
	ping: (words) => [words[0], '-c 4', ...words.slice(1)],
	less: (words) => ['cat', ...without(words, (word) => word.startsWith('-')).slice(1)],
	more: (words) => ['cat', ...without(words, (word) => word.startsWith('-')).slice(1)],
	watch(words) {
		const valued = /^(?:-n|--interval|-q|--equexit)$/;
		let at = 1;
		while (at < words.length && (words[at] ?? '').startsWith('-')) at += valued.test(words[at] ?? '') ? 2 : 1;
		const rest = words.slice(at);
		const only = rest.length === 1 ? /^(["'])([\s\S]*)\1$/.exec(rest[0] ?? '')?.[2] : undefined;
		return only === undefined ? rest : [only];
	},
};

const rewritten = (command: string): string | undefined => {
	const pieces = piecesOf(command);
	const skip = /^(?:sudo|time|nohup)$/.test(pieces[0]?.text ?? '') ? 1 : 0;
	const first = pieces[skip];
	if (first === undefined) return undefined;
	const words = pieces.slice(skip).map(({ text }) => text);
	const rewrite = rewrites[baseName(first.text)];
	const result = rewrite?.(words)?.filter((word) => word !== undefined);
	if (result === undefined || result.length === 0) return undefined;
	// Redirections stand in between or behind: only what is before the first one is put anew.
	const last = pieces.at(-1);
	return last === undefined ? undefined : `${command.slice(0, first.start)}${result.join(' ')}${command.slice(last.end)}`;
};

/**
 * The same script where each command ends by itself and asks nobody: `docker logs -f` as `docker logs --tail=200`. Nothing
 * where there is no such form.
 */
export const boundedForm = (script: string): string | undefined => {
	let text = script;
	// One command at a time: offsets move.
	for (let turn = 0; turn < 20; turn++) {
		const { findings } = analyseShell(text, { pipefail: true });
		const open = findings.find(({ kind }) => kind === 'endless' || kind === 'interactive');
		if (open === undefined) return text;
		const form = rewritten(text.slice(open.start, open.end));
		if (form === undefined) return undefined;
		const next = text.slice(0, open.start) + form + text.slice(open.end);
		if (next === text) return undefined;
		text = next;
	}
	return undefined;
};
