/**
 * One key, by name, whatever the terminal sent for it.
 */
export interface KeyPress {
	/**
	 * A printable character as it is (`j`, `J`, `?`, `é`), or a name: `space`, `enter`, `escape`, `tab`, `shift-tab`,
	 * `backspace`, `delete`, `up`, `down`, `left`, `right`, `pageup`, `pagedown`, `home`, `end`, `ctrl-d`, `paste`.
	 */
	readonly key: string;
	/** What it would insert where one types; empty for keys that insert nothing. */
	readonly text: string;
}

/** What the terminal library tells of an input event; the part of Ink's `Key` that is used here. */
export interface RawKey {
	readonly upArrow: boolean;
	readonly downArrow: boolean;
	readonly leftArrow: boolean;
	readonly rightArrow: boolean;
	readonly pageDown: boolean;
	readonly pageUp: boolean;
	readonly home: boolean;
	readonly end: boolean;
	readonly return: boolean;
	readonly escape: boolean;
	readonly ctrl: boolean;
	readonly shift: boolean;
	readonly tab: boolean;
	readonly backspace: boolean;
	readonly delete: boolean;
	readonly meta: boolean;
	readonly eventType?: 'press' | 'repeat' | 'release';
}

const press = (key: string, text = ''): KeyPress => ({ key, text });

const named: readonly (readonly [keyof RawKey, string])[] = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'escape'],
	['backspace', 'backspace'],
	// Most terminals send DEL for the key above Enter; nobody expects it to delete forwards.
	['delete', 'delete'],
];

/** The key a single character stands for. Control characters get the name of the key that sends them. */
const keyOfCharacter = (character: string): KeyPress => {
	switch (character) {
		case ' ':
			return press('space', ' ');
		case '\r':
		case '\n':
			return press('enter');
		case '\t':
			return press('tab');
		case '\u001b':
			return press('escape');
		case '\b':
		case '\u007f':
			return press('backspace');
	}
	const code = character.codePointAt(0) ?? 0;
	if (code < 27) return press(`ctrl-${String.fromCharCode(code + 96)}`);
	if (code < 32 || (code >= 0x7f && code < 0xa0)) return press('unknown');
	return press(character, character);
};

/**
 * Turns one input event into single keys. Typed bursts (a slow link, a held key) arrive as one string and become
 * one key for each character. Escape followed at once by a character arrives as Alt and that character;
 * as nothing is bound to Alt, it is read as the two keys that were meant.
 */
export const keyPresses = (input: string, raw: RawKey): readonly KeyPress[] => {
	if (raw.eventType === 'release') return [];
	if (raw.tab) return [press(raw.shift ? 'shift-tab' : 'tab')];
	for (const [flag, name] of named) if (raw[flag] === true) return [press(name)];
	if (input === '') return [];
	if (raw.ctrl) return [press(`ctrl-${input === ' ' ? 'space' : input.toLowerCase()}`)];
	const keys = Array.from(input, keyOfCharacter);
	return raw.meta ? [press('escape'), ...keys] : keys;
};

/** Longest paste that is taken; it goes into one-line prompts only. */
export const longestPaste = 4096;

/**
 * Pasted text, as one key: it can only be typed into a prompt and never acts as commands.
 * Line ends and control characters become spaces.
 */
export const pasteOf = (text: string): KeyPress =>
	press('paste', text.slice(0, longestPaste).toWellFormed().replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim());
