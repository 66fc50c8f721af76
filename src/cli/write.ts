import type { Output } from './ports.ts';

/** Writes lines as the reader takes them; stops where the reader has gone away. */
export const writeLines = async (output: Output, lines: Iterable<string>): Promise<void> => {
	for (const line of lines) {
		if (output.gone.aborted) return;
		if (!output.write(`${line}\n`)) await output.drained();
	}
};
