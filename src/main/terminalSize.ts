import type { TerminalSize } from '../console/terminal/output.ts';

/** Size of the terminal behind a TTY stream; 80x24 where it does not tell. */
export const sizeOf = (stream: { readonly columns?: number; readonly rows?: number }): TerminalSize => ({
	columns: stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80,
	rows: stream.rows !== undefined && stream.rows > 0 ? stream.rows : 24,
});
