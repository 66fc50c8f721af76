import { expect, it } from 'vitest';
import { personHere } from '../../../src/main/respond/person.ts';

it.each([
	['says who they are', { SITREP_PERSON: ' Ada ', SUDO_USER: 'grace' }, 0, 'Ada'],
	['became root', { SUDO_USER: 'grace' }, 0, 'grace'],
	['became root by doas', { DOAS_USER: 'grace' }, 0, 'grace'],
	['was root before', { SUDO_USER: 'root' }, 0, undefined],
	['is root by login', {}, 0, undefined],
	['only has the variable', { SUDO_USER: 'grace' }, 1000, undefined],
	['says nothing', { SITREP_PERSON: '  ' }, 1000, undefined],
])('somebody who %s', (_, env, uid, person) => {
	expect(personHere(env, uid)).toBe(person);
});
