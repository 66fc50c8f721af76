/**
 * Thrown out of a rule's condition where it asks for data that is not there or is too old. CEL's `&&` and `||`
 * absorb it where the other side decides alone.
 *
 * One instance is thrown again and again: a stack trace for each missing sample of each service would cost
 * more than the whole judgement.
 */
class MissingData extends Error {
	override readonly name = 'MissingData';
	/** In words, such as `no sample of memory.percent`. */
	why = '';
}

const missing = new MissingData('missing data');

/** @throws MissingData always */
export const throwMissing = (why: string): never => {
	missing.why = why;
	throw missing;
};

/** The reason, where `error` is missing data. */
export const whyMissing = (error: unknown): string | undefined => (error instanceof MissingData ? error.why : undefined);
