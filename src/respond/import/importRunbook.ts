/** What became of a Markdown runbook. */
export interface ImportReport {
	/** Files to be written, by their name within the pack. */
	readonly files: readonly { readonly name: string; readonly text: string }[];
	/** What became of the document, one line each. */
	readonly lines: readonly string[];
}

export const importRunbook = (text: string, about: { readonly file: string; readonly pack: string }): ImportReport => ({ files: [], lines: [`${about.file}: ${text.length} characters, nothing imported yet`] });
