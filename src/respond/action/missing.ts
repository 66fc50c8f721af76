/**
 * Thrown out of an expression where it asks for data that is not there or is too old. CEL's `&&` and `||`
 * absorb it where the other side decides alone.
 */
export class MissingData extends Error {
	override readonly name = 'MissingData';
}

/** @throws MissingData always */
export const throwMissing = (why: string): never => {
	throw new MissingData(why);
};
