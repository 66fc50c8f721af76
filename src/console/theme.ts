import type { Role } from './view.ts';

/** SGR parameters of each role, such as `1;91`; empty is plain text. */
type Palette = Readonly<Record<Role, string>>;

export interface Theme {
	readonly name: ThemeName;
	readonly roles: Palette;
}

export type ThemeName = 'dark' | 'light' | 'none' | 'bare';
export type Glyphs = 'unicode' | 'ascii';

/** Weight, dimness and reverse video; what is left without colour. */
const colourless: Palette = {
	p0: '1;7',
	p1: '1',
	p2: '1',
	p3: '',
	ok: '',
	plain: '',
	strong: '1',
	muted: '2',
	match: '4',
	selected: '7',
};

/** From the 16 colours every terminal has; severity alone has a hue. */
const dark16: Palette = { ...colourless, p0: '1;91', p1: '95', p2: '93', p3: '96', ok: '32', muted: '2' };
const light16: Palette = { ...colourless, p0: '1;31', p1: '35', p2: '33', p3: '34', ok: '32', muted: '2' };

/** With 256 colours: red, orange, yellow, blue, green, chosen to keep a contrast of 4.5 on black and on white. */
const dark256: Palette = { ...dark16, p0: '1;38;5;203', p1: '38;5;208', p2: '38;5;221', p3: '38;5;117', ok: '38;5;114', muted: '38;5;246' };
const light256: Palette = { ...light16, p0: '1;38;5;160', p1: '38;5;130', p2: '38;5;94', p3: '38;5;25', ok: '38;5;22', muted: '38;5;241' };

const bare: Palette = {
	p0: '',
	p1: '',
	p2: '',
	p3: '',
	ok: '',
	plain: '',
	strong: '',
	muted: '',
	match: '',
	selected: '',
};

/** How many colours the terminal has: none at all, the first 16, or 256 and more. */
export type ColourDepth = 'none' | '16' | '256';

/** A theme by name, for a terminal of this depth. */
export const themeOf = (name: ThemeName, depth: ColourDepth): Theme => {
	if (name === 'bare') return { name, roles: bare };
	if (name === 'none' || depth === 'none') return { name: 'none', roles: colourless };
	if (name === 'light') return { name, roles: depth === '256' ? light256 : light16 };
	return { name, roles: depth === '256' ? dark256 : dark16 };
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals that are known to understand SGR. Others get plain ASCII. */
const knownTerminal = /^(xterm|screen|tmux|rxvt|linux|vt\d|ansi|cygwin|konsole|gnome|kitty|alacritty|wezterm|foot|st|putty|eterm|iterm|contour|ghostty|dtterm|mlterm|nsterm|vscode)/i;

/** Colours of the terminal by its environment. NO_COLOR with any value but the empty one means none (no-color.org). */
export const colourDepth = (env: Environment): ColourDepth => {
	const term = env['TERM'] ?? '';
	if ((env['NO_COLOR'] ?? '') !== '' || !knownTerminal.test(term) || /^vt\d/i.test(term)) return 'none';
	if (/256|truecolor|direct|kitty|alacritty|ghostty|foot|wezterm/i.test(term) || /truecolor|24bit/i.test(env['COLORTERM'] ?? '')) return '256';
	return '16';
};

/**
 * The theme for a terminal. COLORFGBG (`15;0`: foreground, background) tells light backgrounds where the terminal sets it.
 * @param wanted what the person asked for; `auto` looks at the environment
 */
export const chooseTheme = (env: Environment, wanted: 'auto' | ThemeName = 'auto'): Theme => {
	const term = env['TERM'] ?? '';
	if (wanted !== 'auto') return themeOf(wanted, colourDepth(env) === 'none' && (env['NO_COLOR'] ?? '') === '' ? '16' : colourDepth(env));
	if (!knownTerminal.test(term)) return themeOf('bare', 'none');
	const background = Number(env['COLORFGBG']?.split(';').at(-1));
	const light = background === 7 || (background >= 9 && background <= 15);
	return themeOf(light ? 'light' : 'dark', colourDepth(env));
};

/** Unicode where the locale says UTF-8 and the terminal draws it; ASCII otherwise. */
export const chooseGlyphs = (env: Environment, wanted: 'auto' | Glyphs = 'auto'): Glyphs => {
	if (wanted !== 'auto') return wanted;
	const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '') ?? '';
	const term = env['TERM'] ?? '';
	return /utf-?8/i.test(locale) && knownTerminal.test(term) && !/^(linux|vt\d|ansi|cygwin)/i.test(term) ? 'unicode' : 'ascii';
};

/** The theme after this one, for the key that changes it. */
export const nextTheme = (theme: Theme, depth: ColourDepth): Theme => {
	const order: readonly ThemeName[] = ['dark', 'light', 'none'];
	return themeOf(order[(order.indexOf(theme.name) + 1) % order.length] ?? 'dark', depth);
};
