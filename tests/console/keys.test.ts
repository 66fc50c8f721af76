import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyPresses, longestPaste, pasteOf, type RawKey } from '../../src/console/keys.ts';
import { noKey } from '../support/rawKeys.ts';


const names = (input: string, over: Partial<RawKey> = {}): readonly string[] => keyPresses(input, { ...noKey, ...over }).map((press) => press.key);

describe('keyPresses', () => {
	test('a burst is one key for each character', () => {
		expect(names('jjj')).toEqual(['j', 'j', 'j']);
		expect(names('/err\r')).toEqual(['/', 'e', 'r', 'r', 'enter']);
		expect(names('a\tb \u007f')).toEqual(['a', 'tab', 'b', 'space', 'backspace']);
		expect(names('\u0004\u0004')).toEqual(['ctrl-d', 'ctrl-d']);
	});

	test('characters beyond the first plane stay whole', () => {
		expect(keyPresses('é𝛑', noKey)).toEqual([
			{ key: 'é', text: 'é' },
			{ key: '𝛑', text: '𝛑' },
		]);
	});

	test.each([
		['up', { upArrow: true }],
		['pagedown', { pageDown: true }],
		['enter', { return: true }],
		['escape', { escape: true }],
		['tab', { tab: true }],
		['shift-tab', { tab: true, shift: true }],
		['backspace', { backspace: true }],
		['home', { home: true }],
	] as const)('%s', (name, over) => {
		expect(names('', over)).toEqual([name]);
	});

	test('control and a letter', () => {
		expect(names('d', { ctrl: true })).toEqual(['ctrl-d']);
		expect(keyPresses('d', { ...noKey, ctrl: true })[0]?.text).toBe('');
	});

	test('escape and a letter in one go are two keys', () => {
		expect(names('j', { meta: true })).toEqual(['escape', 'j']);
	});

	test('letting a key go is no key', () => {
		expect(names('j', { eventType: 'release' })).toEqual([]);
	});

	test('no text ever carries a control character', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (input) => {
				for (const press of keyPresses(input, noKey)) expect(press.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
			}),
		);
	});
});

test('a paste is one key, in one line, and bounded', () => {
	expect(pasteOf('one\r\ntwo\u001b[31m')).toEqual({ key: 'paste', text: 'one two [31m' });
	expect(pasteOf('x'.repeat(longestPaste * 2)).text.length).toBe(longestPaste);
});
