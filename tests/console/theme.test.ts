import { describe, expect, test } from 'vitest';
import { chooseGlyphs, chooseTheme, colourDepth, nextTheme, themeOf } from '../../src/console/theme.ts';

const hue = /(?:^|;)(?:3[0-7]|9[0-7]|38)(?:;|$)/;

describe('themes', () => {
	test.each(['dark', 'light'] as const)('%s: severity and health have hues, nothing else has one in 16 colours', (name) => {
		const { roles } = themeOf(name, '16');
		for (const role of ['p0', 'p1', 'p2', 'p3', 'ok'] as const) expect(roles[role], role).toMatch(hue);
		for (const role of ['plain', 'strong', 'muted', 'match', 'selected'] as const) expect(roles[role], role).not.toMatch(hue);
	});

	test('none has no hue at all, bare has no codes at all', () => {
		for (const code of Object.values(themeOf('none', '256').roles)) expect(code).not.toMatch(hue);
		expect(new Set(Object.values(themeOf('bare', '256').roles))).toEqual(new Set(['']));
	});

	test('NO_COLOR, old terminals and unknown ones', () => {
		expect(colourDepth({ TERM: 'xterm-256color' })).toBe('256');
		expect(colourDepth({ TERM: 'xterm' })).toBe('16');
		expect(colourDepth({ TERM: 'xterm', COLORTERM: 'truecolor' })).toBe('256');
		expect(colourDepth({ TERM: 'xterm-256color', NO_COLOR: '1' })).toBe('none');
		expect(colourDepth({ TERM: 'xterm-256color', NO_COLOR: '' })).toBe('256');
		expect(chooseTheme({ TERM: 'xterm-256color', NO_COLOR: '1' }).name).toBe('none');
		expect(chooseTheme({ TERM: 'nobody-knows-this' }).name).toBe('bare');
		expect(chooseTheme({}).name).toBe('bare');
	});

	test('a light background is taken from COLORFGBG', () => {
		expect(chooseTheme({ TERM: 'xterm', COLORFGBG: '0;15' }).name).toBe('light');
		expect(chooseTheme({ TERM: 'xterm', COLORFGBG: '15;0' }).name).toBe('dark');
		expect(chooseTheme({ TERM: 'xterm' }).name).toBe('dark');
		expect(chooseTheme({ TERM: 'xterm' }, 'light').name).toBe('light');
	});

	test('the next theme goes round', () => {
		const names = [themeOf('dark', '16')];
		for (let turn = 0; turn < 3; turn += 1) names.push(nextTheme(names.at(-1) ?? themeOf('dark', '16'), '16'));
		expect(names.map((theme) => theme.name)).toEqual(['dark', 'light', 'none', 'dark']);
	});
});

test('unicode wants a UTF-8 locale and a terminal that draws it', () => {
	expect(chooseGlyphs({ TERM: 'xterm', LANG: 'en_GB.UTF-8' })).toBe('unicode');
	expect(chooseGlyphs({ TERM: 'xterm', LANG: 'C' })).toBe('ascii');
	expect(chooseGlyphs({ TERM: 'xterm', LANG: 'en_GB.UTF-8', LC_ALL: 'C' })).toBe('ascii');
	expect(chooseGlyphs({ TERM: 'linux', LANG: 'en_GB.UTF-8' })).toBe('ascii');
	expect(chooseGlyphs({ TERM: 'odd', LANG: 'en_GB.UTF-8' })).toBe('ascii');
	expect(chooseGlyphs({ TERM: 'odd' }, 'unicode')).toBe('unicode');
});
