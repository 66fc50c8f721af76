import { styleText } from 'node:util';
import type { ServiceStatus } from '../domain/situation.ts';
import type { GlobalOptions } from './globals.ts';
import type { Output } from './ports.ts';

/** Colours a piece of text by what it says. */
export interface Style {
	readonly mark: (mark: ServiceStatus['mark'], text: string) => string;
	readonly strong: (text: string) => string;
	readonly muted: (text: string) => string;
	readonly state: (state: 'ok' | 'warn' | 'fail', text: string) => string;
}

const plainText = (_role: unknown, text: string): string => text;
const same = (text: string): string => text;

/** Nothing but the text. */
export const plain: Style = { mark: plainText, strong: same, muted: same, state: plainText };

type Format = Parameters<typeof styleText>[0];
const paint = (format: Format, text: string): string => styleText(format, text, { validateStream: false });

const markFormats: Readonly<Record<ServiceStatus['mark'], Format>> = {
	P0: ['bold', 'red'],
	P1: 'red',
	P2: 'yellow',
	P3: 'cyan',
	ok: 'green',
	'?': 'bold',
	'-': 'dim',
};

const coloured: Style = {
	mark: (mark, text) => paint(markFormats[mark], text),
	strong: (text) => paint('bold', text),
	muted: (text) => paint('dim', text),
	state: (state, text) => paint(state === 'ok' ? 'green' : state === 'warn' ? 'yellow' : ['bold', 'red'], text),
};

/**
 * Whether to colour: --no-color and NO_COLOR (no-color.org: present and not empty) say no, then FORCE_COLOR says yes
 * unless it is 0 or false, then only a terminal that is not dumb gets colours.
 */
const wantsColour = (output: Output, env: Readonly<Record<string, string | undefined>>, globals: Pick<GlobalOptions, 'color' | 'theme'>): boolean => {
	if (!globals.color || globals.theme === 'none') return false;
	if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
	const force = env['FORCE_COLOR'];
	if (force !== undefined) return force !== '0' && force !== 'false';
	return output.isTTY && env['TERM'] !== 'dumb';
};

export const styleFor = (output: Output, env: Readonly<Record<string, string | undefined>>, globals: Pick<GlobalOptions, 'color' | 'theme'>): Style =>
	wantsColour(output, env, globals) ? coloured : plain;
