import type { Actor } from '../../domain/journal.ts';
import type { Refusal } from '../../domain/run/control.ts';

const same = (left: string, right: string): boolean => left.trim().toLowerCase() === right.trim().toLowerCase();

/**
 * Whether somebody can give an approval that somebody else asked for: another account of the machine, or, where they
 * share one, another console at which a second person gives a name.
 */
export const refuseApproval = (askedBy: Actor, by: Actor): Refusal | undefined => {
	if (by.session === askedBy.session) {
		return { refused: 'the console that asks cannot approve', advice: 'a second person approves from a console of their own' };
	}
	if (by.user !== askedBy.user) {
		// Whoever became another account is no second person.
		const asker = askedBy.person ?? askedBy.user;
		return by.person !== undefined && same(by.person, asker) ? { refused: `${by.person} asked for this approval`, advice: 'it takes a second person' } : undefined;
	}
	const person = by.person?.trim() ?? '';
	if (person === '') {
		return { refused: `both consoles run as ${by.user}: who approves is not known`, advice: 'say who approves, by name' };
	}
	if (same(person, askedBy.person ?? askedBy.user)) {
		return { refused: `${person} asked for this approval`, advice: 'it takes a second person' };
	}
	return undefined;
};
