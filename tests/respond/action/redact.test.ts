import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactor, secretForms } from '../../../src/respond/action/redact.ts';

const secret = `p4ss "w'rd"/+%&`;
const all = redactor([secret, 'abc', 'hunter22']);
const text = (from: string): string => all.text(from);

describe('redactor', () => {
	it.each([
		['as it is', `password=${secret};`],
		['in JSON', JSON.stringify({ a: secret })],
		['percent-encoded', `?p=${encodeURIComponent(secret)}`],
		['in a form', new URLSearchParams({ p: secret }).toString()],
		['in base64', Buffer.from(secret).toString('base64')],
		['in base64 of a longer text', Buffer.from(`user:${secret}`).toString('base64')],
		['in base64 for addresses', Buffer.from(`u:${secret}!`).toString('base64url')],
		['in hex', Buffer.from(secret).toString('hex')],
		['quoted for a shell', `'${secret.replaceAll("'", String.raw`'\''`)}'`],
	])('finds a secret %s', (_, from) => {
		const done = text(from);
		expect(done).toContain('(secret)');
		expect(done).not.toContain('w\'rd');
		expect(done).not.toContain('rd%22');
		for (const form of secretForms([secret])) expect(done).not.toContain(form);
	});

	it('replaces a short secret as a word only', () => {
		expect(text('abc abcd xabc -abc_ (abc)')).toBe('(secret) abcd xabc -abc_ ((secret))');
	});

	it('replaces overlapping secrets together', () => {
		expect(redactor(['abcdef', 'defghi']).text('xabcdefghiy')).toBe('x(secret)y');
	});

	it('goes through values at any depth, keys and numbers too', () => {
		expect(all.value({ a: ['hunter22', { hunter22: 1 }], n: 5 })).toEqual({ a: ['(secret)', { '(secret)': 1 }], n: 5 });
		expect(redactor(['123456']).value({ pin: 123456, other: 1234567 })).toEqual({ pin: '(secret)', other: 1234567 });
	});

	it('redacts the lines of a long secret one by one', () => {
		const key = 'BEGIN-LINE-0001\nMIIEvQIBADANBg\nEND-LINE-000001';
		const done = redactor([key]).text('log: MIIEvQIBADANBg');
		expect(done).toBe('log: (secret)');
	});

	it('leaves text without secrets as it is', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom('x', 'y', ' ', '\n', 'é') }), (from) => {
				expect(text(from)).toBe(from);
			}),
		);
	});

	it('leaves no secret in, wherever it stands, and is idempotent', () => {
		const secrets = fc.array(fc.string({ minLength: 4, maxLength: 12 }), { minLength: 1, maxLength: 3 });
		fc.assert(
			fc.property(secrets, fc.string(), fc.string(), (all, before, after) => {
				fc.pre(all.every((each) => !'(secret)'.includes(each)));
				const redact = redactor(all);
				const done = redact.text(`${before}${all.join(after)}${after}`);
				const outside = done.split('(secret)');
				for (const each of all) for (const piece of outside) expect(piece).not.toContain(each);
				expect(redact.text(done)).toBe(done);
			}),
		);
	});
});
