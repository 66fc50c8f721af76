import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor, redactText } from '../../../src/respond/process/redactor.ts';
import { formsOf } from '../../../src/respond/process/secretForms.ts';

const patternsOf = (secrets: readonly string[]): readonly Uint8Array[] => secrets.flatMap(formsOf).sort((a, b) => b.length - a.length);

const redactInPieces = (bytes: Buffer, cuts: readonly number[], patterns: readonly Uint8Array[]): Buffer => {
	const out: Buffer[] = [];
	const keep = (part: Uint8Array): void => void out.push(Buffer.from(part));
	const redactor = new Redactor(patterns);
	const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
	for (let index = 1; index < at.length; index++) redactor.push(bytes.subarray(at[index - 1], at[index]), keep);
	redactor.end(keep);
	return Buffer.concat(out);
};

/** Few letters, so that texts are full of beginnings of secrets. */
const letters = (options: { minLength: number; maxLength: number }): fc.Arbitrary<string> => fc.string({ ...options, unit: fc.constantFrom('a', 'b', 'c', '\n') });
const secret = letters({ minLength: 3, maxLength: 8 });

describe('the redactor', () => {
	it('leaves no secret, however the stream is cut, and its work does not depend on the cuts', () => {
		fc.assert(
			fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), fc.array(fc.oneof(letters({ minLength: 0, maxLength: 12 }), fc.nat(2)), { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (secrets, parts, cuts) => {
				const text = parts.map((part) => (typeof part === 'number' ? (secrets[part % secrets.length] ?? '') : part)).join('');
				const patterns = patternsOf(secrets);
				const whole = redactText(text, patterns);
				const pieces = redactInPieces(Buffer.from(text), cuts, patterns).toString();
				expect(pieces).toBe(whole);
				for (const each of secrets) expect(pieces.includes(each)).toBe(false);
			}),
			{ numRuns: 2000 },
		);
	});

	it('leaves no secret in its coded forms, wherever it stands in what is coded', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }), fc.string({ maxLength: 7 }), fc.string({ maxLength: 7 }), fc.array(fc.nat(), { maxLength: 8 }), (secret, before, after, cuts) => {
				const patterns = patternsOf([secret]);
				const base64 = Buffer.from(before + secret + after).toString('base64');
				const offset = Buffer.byteLength(before);
				const core = base64.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + Buffer.byteLength(secret)) * 4) / 3));
				const coded: readonly (readonly [string, string])[] = [
					[base64, core],
					[Buffer.from(before + secret + after).toString('base64url'), core.replaceAll('+', '-').replaceAll('/', '_')],
					[JSON.stringify({ a: before + secret + after }), JSON.stringify(secret).slice(1, -1)],
					[encodeURIComponent(secret), encodeURIComponent(secret)],
					[new URLSearchParams({ v: secret }).toString(), new URLSearchParams({ v: secret }).toString().slice(2)],
					[Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('hex')],
				];
				for (const [text, form] of coded) expect(redactInPieces(Buffer.from(text), cuts, patterns).includes(form), text).toBe(false);
			}),
			{ numRuns: 500 },
		);
	});

	it('holds back no more than what may become a secret', () => {
		const out: string[] = [];
		const redactor = new Redactor(patternsOf(['password']));
		redactor.push(Buffer.from('the pass is long past'), (part) => out.push(Buffer.from(part).toString()));
		expect(out.join('')).toBe('the pass is long past');
		redactor.push(Buffer.from(', passw'), (part) => out.push(Buffer.from(part).toString()));
		expect(out.join('')).toBe('the pass is long past, ');
		redactor.push(Buffer.from('ord!'), (part) => out.push(Buffer.from(part).toString()));
		expect(out.join('')).toBe('the pass is long past, (secret)!');
	});

	it('prefers the longest of the secrets that begin at one place, also where it comes in pieces', () => {
		const patterns = patternsOf(['abc', 'abcdefgh']);
		expect(redactInPieces(Buffer.from('xabcdefghy abcd'), [4], patterns).toString()).toBe('x(secret)y (secret)d');
	});

	it('knows each line of a secret of several', () => {
		expect(redactText('  MIIEvQIBADANBg\r\n', patternsOf(['-----BEGIN KEY-----\nMIIEvQIBADANBg\n-----END KEY-----']))).toBe('  (secret)\r\n');
	});

	it('changes nothing without secrets', () => {
		expect(redactText('as it is', patternsOf(['']))).toBe('as it is');
	});
});
