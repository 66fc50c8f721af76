import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText } from '../../../src/respond/process/redactor.ts';
import { formsOf } from '../../../src/respond/process/secretForms.ts';

const secret = `p4ss "w'rd"/+~$&=é<x>!`;
const patterns = formsOf(secret);
const redacted = (text: string): string => redactText(text, patterns);
const lowerEscapes = (text: string): string => text.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());

describe('forms of a secret', () => {
	it.each([0, 1, 2])('cover the end of its base64, filled up or not, %i bytes after the start of a group', (lead) => {
		fc.assert(
			fc.property(fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }), (value) => {
				const bytes = Buffer.from(`${'ab'.slice(0, lead)}${value}`);
				const shown = lead === 0 ? 0 : lead + 1;
				for (const padded of [bytes.toString('base64'), bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')]) {
					expect(redactText(`v: ${padded}\n`, formsOf(value))).toBe(`v: ${padded.slice(0, shown)}(secret)\n`);
				}
			}),
			{ numRuns: 300 },
		);
	});

	it('cover base64 that is broken into lines', () => {
		const long = 'k3'.repeat(120);
		const lines = (width: number): string => Buffer.from(long).toString('base64').replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');
		for (const width of [64, 76]) expect(redactText(lines(width), formsOf(long)), String(width)).toMatch(/^(?:\(secret\)(?:\n|$))+$/);
	});

	it('cover what is sent in addresses, whatever a program leaves as it is, in either case', () => {
		const url = new URL('http://host/');
		url.password = secret;
		const quoted = encodeURIComponent(secret).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
		const all = [
			encodeURIComponent(secret),
			encodeURI(secret),
			new URLSearchParams({ v: secret }).toString().slice(2),
			// Everything but letters, digits and -._~, as curl does; with the slash as it is, as Python does.
			quoted,
			quoted.replaceAll('%2F', '/'),
			quoted.replaceAll('%20', '+'),
			// Segments of a path and a password, as Go writes them.
			'p4ss%20%22w%27rd%22%2F+~$&=%C3%A9%3Cx%3E%21',
			url.password,
		];
		for (const form of all) for (const each of [form, lowerEscapes(form)]) expect(redacted(`?a=${each};`), each).toBe('?a=(secret);');
	});

	it('cover JSON with fewer or more signs escaped, and JSON within JSON', () => {
		const plain = JSON.stringify(secret);
		const go = plain.replaceAll(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
		const ascii = plain.replaceAll('é', String.raw`\u00e9`);
		for (const each of [plain, go, ascii, ascii.replaceAll('/', String.raw`\/`), plain.replaceAll('é', String.raw`\u00E9`)]) {
			expect(redacted(each), each).toBe('"(secret)"');
			expect(redacted(JSON.stringify({ log: each })), each).toBe(String.raw`{"log":"\"(secret)\""}`);
		}
	});

	it('cover every way of quoting for a shell, SQL or a page', () => {
		const quoting = String.raw`printf '%q\n' "$V"; printf '%s\n' "\${V@Q}"; set -x; : "$V"`.replace('\\$', '$');
		const bash = execFileSync('bash', ['--norc', '-c', `exec 2>&1; ${quoting}`], { env: { PATH: process.env['PATH'] ?? '', V: `a b'c"d$e\\f` }, encoding: 'utf8' });
		expect(redactText(bash, formsOf(`a b'c"d$e\\f`)).trim().split('\n')).toEqual(['(secret)', "'(secret)'", "+ : '(secret)'"]);
		expect(redacted(`'${secret.replaceAll("'", `'"'"'`)}'`)).toBe("'(secret)'");
		expect(redacted(`"${secret.replaceAll(/["$\\`]/g, String.raw`\$&`)}"`)).toBe('"(secret)"');
		expect(redacted(`'${secret.replaceAll("'", "''")}'`)).toBe("'(secret)'");
		expect(redacted(`'${secret.replaceAll("'", String.raw`\'`)}'`)).toBe("'(secret)'");
		const page = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
		for (const mark of ['&quot;', '&#34;']) for (const tick of ['&#39;', '&#x27;']) expect(redacted(page.replaceAll('"', mark).replaceAll("'", tick))).toBe('(secret)');
	});

	it('make no mark of common texts for a short secret', () => {
		expect(redactText('ZQ== ab== %27 61 = == a%20b', formsOf('pin7'))).toBe('ZQ== ab== %27 61 = == a%20b');
		expect(formsOf('pin7').every((form) => form.length >= 4)).toBe(true);
	});

	it('are few where nothing needs to be written in another way', () => {
		expect(formsOf('hunter22hunter22').length).toBeLessThan(16);
	});
});
