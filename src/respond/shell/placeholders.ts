import type { ShellFinding } from './types.ts';

const patterns: readonly RegExp[] = [
	// `<container>`, `<previous commit>`: no redirection is written so.
	/(?<![<\w&])<[A-Za-z][\w./:-]*(?: [\w./:-]+)*>(?!\()/g,
	/\b(?:YOUR|MY|REPLACE|INSERT)[_-][A-Za-z][\w-]*/g,
	/\b(?:CHANGE_?ME|TODO|FIXME|X{3,})\b/g,
	/(?<![\w./-])\/?path\/to\/[\w./-]*/g,
	/\[(?:your|insert|name of|the)[ _-][\w -]+\]/gi,
	/(?<=\s)\.{3}(?=\s|$)/g,
];

/** What has to be filled in before a script can run. */
export const placeholdersOf = (script: string): readonly ShellFinding[] => {
	const found = new Map<number, ShellFinding>();
	for (const pattern of patterns) {
		for (const match of script.matchAll(pattern)) {
			found.set(match.index, {
				kind: 'placeholder',
				message: `${match[0]} has to be filled in`,
				wayOut: 'Make a parameter of it: $P_name in a script, ${{params.name}} elsewhere.',
				start: match.index,
				end: match.index + match[0].length,
			});
		}
	}
	return [...found.values()].sort((a, b) => a.start - b.start);
};

/** The script with its `<placeholders>` as plain words of the same length, so that they are not read as redirections. */
export const withoutPlaceholders = (script: string, placeholders: readonly ShellFinding[]): string => {
	let text = script;
	for (const { start, end } of placeholders) {
		if (script[start] === '<') text = `${text.slice(0, start)}${'_'.repeat(end - start)}${text.slice(end)}`;
	}
	return text;
};
