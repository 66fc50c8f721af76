import { describe, expect, test } from 'vitest';
import { commandFor, commandItems, paletteItems } from '../../src/console/palette.ts';

describe('the palette', () => {
	test('lists every command with its keys while nothing is typed', () => {
		expect(paletteItems('')).toEqual(commandItems);
		expect(commandItems.find((item) => item.id === 'zoom')).toEqual({ id: 'zoom', title: 'zoom, and back', keys: '+' });
	});

	test('finds by parts of words, the best first', () => {
		expect(paletteItems('next err')[0]?.id).toBe('next-error');
		expect(paletteItems('wrap')[0]?.id).toBe('wrap');
		expect(paletteItems('zzzzqq')).toEqual([]);
	});

	test('takes items of others', () => {
		const extra = [{ id: 'go:web', title: 'go to web', keys: '' }];
		expect(paletteItems('web', extra).map((item) => item.id)).toEqual(['go:web']);
	});

	test('every item of the keymap has an action and says where it belongs', () => {
		for (const item of commandItems) expect(commandFor(item.id)).toBeDefined();
		expect(commandFor('wrap')).toEqual({ action: { kind: 'wrap' }, context: 'logs' });
		expect(commandFor('go:web')).toBeUndefined();
	});
});
