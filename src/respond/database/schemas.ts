/** How the schema now stands to that of a backup. */
export interface Schemas {
	readonly same: boolean;
	/** True where the one now is the newer one. Absent where the two cannot be put in order: Alembic's names are no numbers. */
	readonly newer?: boolean;
	readonly words: string;
}

export const schemaWords = (schema: string | undefined): string => (schema === undefined ? 'no schema version' : `schema ${schema}`);

const isNumber = (text: string): boolean => /^\d{1,15}$/.test(text);

/** @param now version in the database @param then version in the backup */
export const compareSchemas = (now: string | undefined, then: string | undefined): Schemas => {
	if (now === then) return { same: true, newer: false, words: `both have ${schemaWords(now)}` };
	if (now !== undefined && then !== undefined && isNumber(now) && isNumber(then)) {
		const newer = Number(now) > Number(then);
		return { same: Number(now) === Number(then), newer, words: `the database has schema ${now}, ${newer ? 'newer' : 'older'} than ${then} of the backup` };
	}
	return { same: false, words: `the database has ${schemaWords(now)}, the backup ${schemaWords(then)}` };
};
