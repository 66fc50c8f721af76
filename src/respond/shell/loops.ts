/** Whether a loop is left from within: `break`, `return`, `exit`. @param body source of the loop's body */
export const leaves = (body: string): boolean => /(?:^|[\s;&|({])(?:break|return|exit)(?:$|[\s;&|)}])/.test(body);

/**
 * Why a loop does not end by itself; nothing where it does, or where nobody can say.
 * @param condition source of what is asked before each round
 * @param body source of what is done in it
 */
export const endlessLoop = (kind: 'while' | 'until', condition: string, body: string): string | undefined => {
	if (leaves(body)) return undefined;
	const asked = condition.trim().replace(/;$/, '').trim();
	if (kind === 'while' ? /^(?:true|:|\[ 1 \]|\(\( ?1 ?\)\))$/.test(asked) : asked === 'false') return 'the loop does not end by itself';
	// One that counts, or reads lines, comes to its end.
	const waits = /\bsleep\b/.test(body) && !/\bread\b/.test(asked) && !/-(?:lt|le|gt|ge|ne)\b|[<>]/.test(asked);
	return waits ? 'the loop waits without a bound' : undefined;
};
