/** Longest text that is sent to the terminal's clipboard, bytes: many terminals refuse more. */
export const longestCopy = 74_994;

/**
 * The sequence that puts text into the clipboard of the terminal in front of the person (OSC 52), over SSH too.
 * Within tmux it is wrapped, so that one hands it on that is too old to be asked for it.
 * @returns `undefined` where the text is too long for a terminal to take
 */
export const copySequence = (text: string, env: Readonly<Record<string, string | undefined>>): string | undefined => {
	const payload = Buffer.from(text, 'utf8').toString('base64');
	if (payload.length > longestCopy) return undefined;
	const sequence = `\u001b]52;c;${payload}\u0007`;
	if (env['TMUX'] !== undefined) return `\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
	if (env['STY'] !== undefined) return `\u001bP${sequence}\u001b\\`;
	return sequence;
};
