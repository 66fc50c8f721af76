import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { ConfigProblem } from './problem.ts';
import { redactText } from './redact.ts';

/** A YAML 1.2 text with what is needed to find a value's place in it, or what keeps it from being one. */
export type YamlText =
	| { readonly problems?: undefined; readonly document: Document; readonly lines: LineCounter; readonly value: unknown }
	| { readonly problems: readonly ConfigProblem[] };

/** Reads YAML. @param file its name, for messages */
export const readYaml = (text: string, file: string): YamlText => {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2', keepSourceTokens: true });
	if (document.errors.length > 0) {
		return {
			problems: document.errors.map((error) => {
				const { line, col } = lines.linePos(error.pos[0]);
				return { file, line, column: col, path: '', message: redactText(error.message) };
			}),
		};
	}
	// A hundred aliases of aliases are an attack on memory, not a file to read; the library counts them.
	try {
		const value: unknown = document.toJS({ maxAliasCount: 100 });
		return { document, lines, value };
	} catch (error) {
		return { problems: [{ file, path: '', message: error instanceof Error ? error.message : String(error) }] };
	}
};
