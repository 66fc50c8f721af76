import { z } from 'zod';

/** Id of a playbook or a step. No dots and no slashes: those tell executions apart in the journal. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const id = () => z.string().regex(idPattern, { error: 'expected an id of letters, digits, - and _, at most 64 of them' });

/** A name that expressions and scripts can say: `params.name`, `$P_name`. */
export const wordPattern = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

export const word = () => z.string().regex(wordPattern, { error: 'expected a name of letters, digits and _, not beginning with a digit' });

export const line = (maximum = 200) => z.string().min(1).max(maximum);

/** Text of some length: instructions, notes, scripts. */
export const prose = () => z.string().min(1).max(20_000);

/** A number or a truth value would lose its spelling (`0644`, `1.10`): it has to be quoted. */
const quoted = (issue: { readonly input?: unknown }): string =>
	typeof issue.input === 'number' || typeof issue.input === 'boolean' ? `expected text in quotes, such as '${String(issue.input)}'` : 'expected text';

export const template = () => z.string({ error: quoted }).max(20_000);

export const expression = () => z.string().min(1).max(4000);

export const risk = () => z.enum(['read', 'change', 'destructive']);

/** Seconds, with fractions. A day is the most that a step may take. */
export const seconds = () => z.number().min(0.1).max(86_400);
