import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Param, ParamType } from '../../../src/domain/playbook/param.ts';
import { ParamError, readParams } from '../../../src/respond/action/params.ts';

const param = (type: ParamType, over: Partial<Param> = {}): Param => ({ type, optional: false, ...over });

const refusalOf = (run: () => unknown): ParamError | undefined => {
	try {
		run();
		return undefined;
	} catch (error) {
		if (error instanceof ParamError) return error;
		throw error;
	}
};

const one = (definition: Param, text: string): unknown => {
	let value: unknown;
	const secret = definition.type === 'secret';
	const refusal = refusalOf(() => {
		const read = readParams({ p: definition }, secret ? {} : { p: text }, secret ? { secrets: { p: text } } : {});
		value = secret ? read.secrets['p'] : read.params['p'];
	});
	return refusal === undefined ? value : `refused: ${refusal.problems[0]?.message ?? ''}`;
};

describe('readParams', () => {
	it.each<[ParamType, string, unknown]>([
		['text', "it's $(here) `x` \"y\"\n", "it's $(here) `x` \"y\"\n"],
		['integer', '12', 12],
		['integer', '+12', 12],
		['number', '1.5', 1.5],
		['number', '1e3', 1000],
		['boolean', 'yes', true],
		['boolean', 'False', false],
		['container', 'cloud-native_poc.1', 'cloud-native_poc.1'],
		['service', 'compose:shop/web', 'compose:shop/web'],
		['path', '/var/lib/a b', '/var/lib/a b'],
		['url', 'https://host:8443/x?y=1', 'https://host:8443/x?y=1'],
		['image', 'registry.example:5000/team/app:1.2.3', 'registry.example:5000/team/app:1.2.3'],
		['image', 'app', 'app'],
		['secret', '-begins with a dash', '-begins with a dash'],
	])('%s takes %j', (type, text, expected) => {
		expect(one(param(type), text)).toBe(expected);
	});

	it.each<[ParamType, string, RegExp]>([
		['text', '-rf', /begin with a dash/],
		['text', 'a\0b', /NUL/],
		['text', '\ud800', /well-formed/],
		['text', 'x'.repeat(4097), /4096 bytes/],
		['text', 'é'.repeat(2049), /4096 bytes/],
		['text', '', /empty/],
		['integer', '1.5', /whole number/],
		['integer', '0x10', /whole number/],
		['integer', '12345678901234567890', /whole number/],
		['integer', '-1', /at least 0/],
		['number', 'NaN', /a number/],
		['number', '1e999', /a number/],
		['boolean', '1', /true or false/],
		['container', 'a b', /name of a container/],
		['container', '../x', /name of a container/],
		['container', '-x', /dash/],
		['path', '~/x', /whole path/],
		['path', '/a\nb', /control/],
		['url', 'host:8000', /address/],
		['url', 'https://user:pw@host/', /password/],
		['url', 'https://host/a b', /blanks/],
		['image', 'App', /image/],
		['image', 'app:', /image/],
		['secret', 'a\0b', /NUL/],
	])('%s refuses %j', (type, text, why) => {
		expect(one(param(type), text)).toMatch(why);
	});

	it('matches patterns as a whole', () => {
		const pattern = '[a-z]+|[0-9]+';
		expect(one(param('text', { pattern }), 'abc')).toBe('abc');
		expect(one(param('text', { pattern }), 'abc1')).toMatch(/matches .* as a whole/);
		expect(one(param('text', { pattern }), 'abc\n')).toMatch(/as a whole/);
		expect(one(param('text', { pattern: '^[\\w-.]{1,128}$' }), 'a-b')).toBe('a-b');
	});

	it('does not hang on a pattern', () => {
		expect(one(param('text', { pattern: '(a+)+' }), `${'a'.repeat(4000)}b`)).toMatch(/takes longer/);
	});

	it('bounds numbers and choices', () => {
		expect(one(param('integer', { min: -5, max: 5 }), '-5')).toBe(-5);
		expect(one(param('integer', { min: -5, max: 5 }), '6')).toMatch(/at most 5/);
		expect(one(param('choice', { choices: ['a', 'b'] }), 'b')).toBe('b');
		expect(one(param('choice', { choices: ['a', 'b'] }), 'c')).toMatch(/one of a, b/);
	});

	it('takes what is given before the service and the default, and checks each', () => {
		const definitions = { container: param('container', { default: 'preset' }) };
		expect(readParams(definitions, {}).params).toEqual({ container: 'preset' });
		expect(readParams(definitions, {}, { prefilled: { container: 'web' } }).params).toEqual({ container: 'web' });
		expect(readParams(definitions, { container: 'given' }, { prefilled: { container: 'web' } }).params).toEqual({ container: 'given' });
		expect(() => readParams({ container: param('container', { default: '-x' }) }, {})).toThrow(ParamError);
	});

	it('fills what is optional with the empty text', () => {
		expect(readParams({ n: param('integer', { optional: true }), t: param('text', { optional: true }) }, { t: '' }).params).toEqual({ n: '', t: '' });
	});

	it('tells all problems at once, with a way out', () => {
		const error = refusalOf(() => readParams({ count: param('integer'), token: param('secret'), name: param('text') }, { count: 'x', token: 'hunter22', nmae: 'y' }));
		expect(error?.problems).toEqual([
			{ name: 'nmae', message: 'there is no such parameter', wayOut: 'Did you mean name?' },
			{ name: 'count', message: '"x" is not a whole number' },
			{ name: 'token', message: 'is a secret and is not taken from the command line', wayOut: 'Leave it out: it is asked for with echo off.' },
			{ name: 'name', message: 'is missing: a value of type text' },
		]);
		expect(error?.message).not.toContain('hunter22');
	});

	it('keeps secrets apart, and says which are wanted', () => {
		const read = readParams({ token: param('secret'), key: param('secret'), maybe: param('secret', { optional: true }) }, {}, { secrets: { token: 'hunter22' } });
		expect(read).toEqual({ params: {}, secrets: { token: 'hunter22' }, secretsWanted: ['key'], secretNames: ['token', 'key', 'maybe'] });
	});

	it('never tells a secret that is refused', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 4 }), (secret) => {
				const message = one(param('secret', { pattern: '(?!)' }), secret);
				expect(message).not.toContain(JSON.stringify(secret));
			}),
		);
	});

	it('lets no text through that begins with a dash or holds a NUL', () => {
		fc.assert(
			fc.property(fc.constantFrom<ParamType>('text', 'path', 'url', 'service', 'container', 'image'), fc.string(), (type, text) => {
				for (const bad of [`-${text}`, `${text}\0`]) expect(one(param(type), bad)).toMatch(/^refused/);
			}),
		);
	});
});
