/**
 * JSON that this journal wrote itself, as what it was when it was written: the hash chain says whether it still is.
 * @throws SyntaxError where it is no JSON any more
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it stored there
export const storedJson = <T>(text: string): T => JSON.parse(text);
