import { describe, expect, it } from 'vitest';
import { fillAddress } from '../../../src/respond/action/address.ts';
import { derivedSecrets, fill, fillArgument, fillValue, TemplateError } from '../../../src/respond/action/fill.ts';
import type { Scope } from '../../../src/respond/action/scope.ts';

const scope: Scope = {
	params: { name: 'web', dash: '-rf', nul: 'a\0b', lines: 'a\nb', n: 3, port: '8000', q: 'a b&c=/d', up: '../x', host: 'evil.example/@', base: 'http://localhost:8000' },
	values: { state: { json: { list: [1, 2] } }, login: { user: 'ops' } },
	secrets: { 'params.token': 'hunter22', 'login.password': 'p4ss/word' },
};

describe('fill', () => {
	it('puts values in, numbers and lists as JSON', () => {
		expect(fill('${{params.name}}-${{ params.n + 1 }} ${{state.list}}', scope).text).toBe('web-4 [1,2]');
	});

	it('names what has no value, and never leaves it empty', () => {
		expect(() => fill('x ${{params.nope}}', scope, { where: 'run[1]' })).toThrow('run[1]: ${{params.nope}}: params.nope is not there');
		expect(() => fill('${{ later.x }}', scope)).toThrow(TemplateError);
		expect(() => fill('${{ null }}', scope)).toThrow('is null');
		expect(() => fill('${{ 1 + }}', scope)).toThrow(TemplateError);
	});

	it('leaves what is not known yet as it stands, where that is asked for', () => {
		const filled = fill('${{params.name}} ${{ later.x }}', scope, { unresolved: 'keep' });
		expect(filled).toMatchObject({ text: 'web ${{ later.x }}', complete: false });
	});

	it('does not read a value again', () => {
		expect(fill('${{params.x}}', { ...scope, params: { x: '${{params.token}}' } }).text).toBe('${{params.token}}');
	});

	it('shows whatever is made of a secret as (secret)', () => {
		const filled = fill('Basic ${{ bytes("ops:" + params.token).base64() }} for ${{params.name}}', scope);
		expect(filled.text).toBe(`Basic ${Buffer.from('ops:hunter22').toString('base64')} for web`);
		expect(filled.shown).toBe('Basic (secret) for web');
		expect(derivedSecrets(filled)).toEqual([Buffer.from('ops:hunter22').toString('base64')]);
		for (const text of ['${{params["token"]}}', '${{login.password}}', '${{login}}', '${{steps.login.password}}', '${{params}}', '${{params[params.name == "web" ? "token" : "n"]}}', '${{[params.token].map(t, t + "x")}}']) {
			expect(fill(text, scope).shown).toBe('(secret)');
		}
		expect(fill('${{login.user}}', scope).shown).toBe('ops');
	});

	it('shows a secret that came in through another value as (secret)', () => {
		expect(fill('${{params.copy}}', { ...scope, params: { copy: 'xhunter22y' } }).shown).toBe('x(secret)y');
	});

	it('does not act with the mark of a secret in its place', () => {
		const elsewhere = { ...scope, secrets: { 'params.token': '(secret)' } };
		expect(() => fill('${{params.token}}', elsewhere)).toThrow('has not been given');
		expect(fill('${{params.token}}', elsewhere, { unresolved: 'keep' }).shown).toBe('(secret)');
	});
});

describe('fillArgument', () => {
	it('keeps one value, newlines and all', () => {
		expect(fillArgument('${{params.lines}}', scope).text).toBe('a\nb');
	});

	it.each(['${{params.dash}}', '${{params.dash}}x', '${{params.none}}-x'])('refuses %s, which would be an option', (template) => {
		expect(() => fillArgument(template, { ...scope, params: { ...scope.params, none: '' } })).toThrow('begins with a dash');
	});

	it('takes a dash behind an option that the template holds', () => {
		expect(fillArgument('--name=${{params.dash}}', scope).text).toBe('--name=-rf');
		expect(fillArgument('-n${{params.n}}', scope).text).toBe('-n3');
	});

	it('refuses NUL bytes and broken text', () => {
		expect(() => fillArgument('${{params.nul}}', scope)).toThrow('NUL');
		expect(() => fillValue('x${{params.x}}', { ...scope, params: { x: '\ud800' } })).toThrow('well-formed');
	});
});

describe('fillAddress', () => {
	it('keeps a value within its part of the address', () => {
		expect(fillAddress('http://localhost:${{params.port}}/items/${{params.q}}?q=${{params.q}}', scope).text).toBe('http://localhost:8000/items/a%20b%26c%3D/d?q=a%20b%26c%3D%2Fd');
		expect(fillAddress('${{params.base}}/health', scope).text).toBe('http://localhost:8000/health');
		expect(() => fillAddress('http://${{params.host}}/x', scope)).toThrow('is no host or port');
		expect(() => fillAddress('http://h/${{params.up}}', scope)).toThrow('leads out of the path');
	});

	it('refuses what is no http address', () => {
		expect(() => fillAddress('file:///etc/passwd', scope)).toThrow('no http or https address');
		expect(() => fillAddress('${{params.name}}', scope)).toThrow('is no address');
	});

	it('shows no secret', () => {
		expect(fillAddress('http://h/?token=${{login.password}}', scope)).toMatchObject({ text: 'http://h/?token=p4ss%2Fword', shown: 'http://h/?token=(secret)' });
	});
});
