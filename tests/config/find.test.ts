import { describe, expect, it } from 'vitest';
import { configPlaces, distrust } from '../../src/config/find.ts';
import { redactText, redactUrl } from '../../src/config/redact.ts';
import { suggest } from '../../src/config/suggest.ts';

describe('configPlaces', () => {
	const paths = (environment: Record<string, string>, option?: string) => configPlaces(environment, '/here/', option).map((place) => place.path);

	it('lets what was named hold alone', () => {
		expect(paths({ SITREP_CONFIG: '/b' }, '/a')).toEqual(['/a']);
		expect(paths({ SITREP_CONFIG: '/b', HOME: '/home/me' })).toEqual(['/b']);
	});

	it('looks here, then where XDG says, and leaves out a relative XDG path', () => {
		expect(paths({ HOME: '/home/me' })).toEqual(['/here/sitrep.yaml', '/home/me/.config/sitrep/sitrep.yaml']);
		expect(paths({ HOME: '/home/me', XDG_CONFIG_HOME: '/xdg' })).toEqual(['/here/sitrep.yaml', '/xdg/sitrep/sitrep.yaml']);
		expect(paths({ XDG_CONFIG_HOME: 'xdg' })).toEqual(['/here/sitrep.yaml']);
	});
});

describe('distrust', () => {
	it.each([
		[{ uid: 1000, mode: 0o644 }, undefined],
		[{ uid: 0, mode: 0o644 }, undefined],
		[{ uid: 1001, mode: 0o644 }, /another user/],
		[{ uid: 1000, mode: 0o666 }, /written by everybody/],
	])('%o', (owner, why) => {
		expect(distrust(owner, 1000) ?? '').toMatch(why ?? /^$/);
	});
});

describe('redactUrl', () => {
	it.each([
		['http://me:hunter2@host:80/a?b=c', 'http://***@host/a?b=c'],
		['https://host/a?token=hunter2&page=2', 'https://host/a?token=***&page=2'],
		['ssh://ops@prod-1', 'ssh://ops@prod-1'],
		['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
		['http://127.0.0.1:8000/', 'http://127.0.0.1:8000/'],
		['postgres://u:hunter2@[bad', 'postgres://***@[bad'],
	])('%s', (address, shown) => {
		expect(redactUrl(address)).toBe(shown);
	});

	it('finds addresses in text', () => {
		expect(redactText('cannot reach "http://a:b@c/d" or redis://:p@e:1')).toBe('cannot reach "http://***@c/d" or redis://***@e:1');
	});
});

describe('suggest', () => {
	it.each([
		['tresholds', 'thresholds'],
		['Theme', 'theme'],
		['xyz', undefined],
		['P9', undefined],
	])('%s is %s', (word, meant) => {
		expect(suggest(word, ['thresholds', 'theme', 'rules', 'P0'])).toBe(meant);
	});
});
