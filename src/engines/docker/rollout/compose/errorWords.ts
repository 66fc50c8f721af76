import type { ProgramEnd } from './ports.ts';

const mostWords = 400;

/** Why compose failed, out of all that it wrote: it tells its progress on the same stream. */
export function composeErrorWords({ exitCode, timedOut, missing, stderr, stdout }: ProgramEnd): string {
	if (missing) {
		return 'it is not there any more';
	}
	if (timedOut) {
		return 'it did not end in time, and was killed';
	}
	// eslint-disable-next-line no-control-regex -- colours, which it writes where it takes the output for a terminal
	const lines = (stderr.trim() === '' ? stdout : stderr).replace(/\u001B\[[0-9;]*[A-Za-z]/g, '').split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '');
	const errors = lines.filter((line) => /^(?:ERROR:|Error|failed|invalid|no such)/i.test(line));
	const words = (errors.length > 0 ? errors.slice(-2).join(' ') : (lines.at(-1) ?? '')).replace(/^ERROR: /, '');
	return words === '' ? `it ended with ${exitCode ?? 'a signal'}` : words.slice(0, mostWords);
}

/** Variables that the project's files ask for and that nobody set, by compose's own warnings. */
export function unsetVariables(stderr: string): readonly string[] {
	return [...new Set([...stderr.matchAll(/The \W*(\w+)\W* variable is not set/g)].flatMap(([, name]) => name ?? []))];
}
