import { backgroundPlaybooks, draftPlaybooks } from './draftPlaybook.ts';
import type { DraftPlaybook } from './draft.ts';
import { readDocument } from './markdown.ts';
import { outlineOf } from './outline.ts';
import { reportLines } from './report.ts';
import { Tally } from './tally.ts';
import { cut, slug, uniqueNames } from './titles.ts';
import { draftFile } from './yamlDraft.ts';

/** What became of a Markdown runbook. */
export interface ImportReport {
	/** Files to be written, by their name within the pack. */
	readonly files: readonly { readonly name: string; readonly text: string }[];
	/** What became of the document, one line each. */
	readonly lines: readonly string[];
}

/** An id is at most 64 characters, with room for a number. */
const longestId = 60;

/**
 * Makes a pack of drafts from a runbook in Markdown: headings become playbooks and phases, blocks of commands become steps,
 * lists to tick become steps by hand, and all other text is kept beside them. Never throws, whatever the text; the same text
 * gives the same files.
 * @param about.file name of the runbook, for the record @param about.pack name of the pack, with which the ids begin
 */
export const importRunbook = (text: string, about: { readonly file: string; readonly pack: string }): ImportReport => {
	const file = cut(about.file.replaceAll(/\p{Cc}/gu, ' '), 200);
	const pack = slug(about.pack, 24) || 'runbook';
	const document = readDocument(text, pack);
	const { playbooks, background, empty } = outlineOf(document.root);
	const tally = new Tally();
	const drafts = playbooks.flatMap((each) => draftPlaybooks(each, document.root.title, tally).map((draft) => ({ draft, wanted: slug(draft.title, longestId - pack.length - 5) || 'procedure' })));
	const rest = backgroundPlaybooks(background, document.root.title, tally).map((draft) => ({ draft, wanted: 'background' }));
	const unique = uniqueNames();
	const made = [...drafts, ...rest].map(({ draft, wanted }): { readonly draft: DraftPlaybook; readonly file: ReturnType<typeof draftFile> } => ({ draft, file: draftFile(draft, unique(`${pack}-${wanted}`), file) }));
	return {
		files: made.map(({ file: { id, text: yaml } }) => ({ name: `${id}.yaml`, text: yaml })),
		lines: reportLines(file, document, made, tally, empty),
	};
};
