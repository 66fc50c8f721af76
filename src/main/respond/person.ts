import process from 'node:process';

/**
 * Who acts, where the account alone does not tell: what `SITREP_PERSON` says, else, for root, the account that became root. So an
 * approval through sudo is the approval of who typed it, and nobody is a second person by becoming root.
 */
export const personHere = (env: Readonly<Record<string, string | undefined>> = process.env, uid = process.getuid?.()): string | undefined => {
	const said = env['SITREP_PERSON']?.trim();
	if (said !== undefined && said !== '') return said;
	const before = uid === 0 ? (env['SUDO_USER'] ?? env['DOAS_USER'])?.trim() : undefined;
	return before === undefined || before === '' || before === 'root' ? undefined : before;
};
