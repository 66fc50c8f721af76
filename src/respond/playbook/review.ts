import { isSeq, parseDocument } from 'yaml';

/**
 * A draft's text once it has been reviewed: `draft` is gone, and who reviewed it and when is its last note. Comments and the order of
 * everything else stay as they are.
 * @param at epoch ms
 */
export const reviewedText = (text: string, who: string, at: number): string => {
	const document = parseDocument(text);
	document.delete('draft');
	const note = `Reviewed by ${who} on ${new Date(at).toISOString().slice(0, 10)}.`;
	const notes = document.get('notes');
	if (isSeq(notes)) notes.add(note);
	else document.set('notes', [note]);
	return document.toString({ lineWidth: 0 });
};
