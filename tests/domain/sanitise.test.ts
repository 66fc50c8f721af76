import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLine, isHarmless, sanitiseText } from '../../src/domain/sanitise.ts';

const decode = (bytes: Uint8Array): string => decodeLine(bytes, 0, bytes.length);

/** Pieces of what programs and attackers write, so that random input meets the interesting cases. */
const piece = fc.oneof(
	fc.constantFrom(
		'\u001b[31m', '\u001b[0m', '\u001b[2J', '\u001b[10;10H', '\u001b]0;title\u0007', '\u001b]52;c;aGk=\u0007', '\u001b]8;;http://x/\u001b\\', '\u001b]8;;\u001b\\',
		'\u001bP1$tx\u001b\\', '\u001b_apc\u001b\\', '\u001b^pm\u001b\\', '\u001bXsos\u001b\\', '\u001bc', '\u001b(0', '\u001b(B', '\u009b31m', '\u009d0;t\u009c', '\u0000', '\u0007', '\b',
		'\r', '\t', '\u007f', '\u202e', '\u2066', '\u200b', '\u200d', '\ufe0f', '\ufeff', '\u{e0041}', '\ud800', '\u2028', '\u001b', '[', 'm', '2', '\u{1f468}', '#',
	),
	fc.string({ unit: 'grapheme', maxLength: 8 }),
	fc.string({ unit: 'binary', maxLength: 4 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const bytes = fc.oneof(
	fc.uint8Array({ maxLength: 80 }),
	text.map((each) => new Uint8Array(Buffer.from(each, 'utf8'))),
	fc.tuple(text, fc.uint8Array({ maxLength: 6 }), text).map(([before, middle, after]) => new Uint8Array(Buffer.concat([Buffer.from(before), middle, Buffer.from(after)]))),
);

const controls = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe('sanitiseText', () => {
	it('leaves no control character, bidi override or invisible character', () => {
		fc.assert(fc.property(text, (input) => !controls.test(sanitiseText(input))));
		fc.assert(fc.property(bytes, (input) => !controls.test(decode(input))));
	});

	it('is idempotent', () => {
		fc.assert(fc.property(text, (input) => sanitiseText(sanitiseText(input)) === sanitiseText(input)));
	});

	it('leaves printable text as it is', () => {
		const printable = fc.string({ unit: 'grapheme' }).filter(isHarmless);
		fc.assert(fc.property(printable, (input) => sanitiseText(input) === input && decode(Buffer.from(input)) === input));
	});

	it.each([
		['\u001b[31mERROR\u001b[0m failed', 'ERROR failed', 'colours go'],
		['\u001b[01;31m\u001b[Kmatch\u001b[m\u001b[K', 'match', 'what grep writes'],
		['a\u001b[2Jb', String.raw`a\x1b[2Jb`, 'clear screen'],
		['\u001b]0;owned\u0007', String.raw`\x1b]0;owned\x07`, 'title'],
		['\u001b]52;c;aGk=\u0007', String.raw`\x1b]52;c;aGk=\x07`, 'clipboard'],
		['see \u001b]8;;http://x/\u001b\\docs\u001b]8;;\u001b\\.', 'see <http://x/>docs.', 'hyperlink shows where it leads'],
		['\u001b]8;;http://x/\u202e\u0007a', '<http://x/<U+202E>>a', 'hyperlink with an override in it'],
		['\u001bPq\u001b\\', String.raw`\x1bPq\x1b` + '\\', 'device control'],
		['10%\r20%', String.raw`10%\r20%`, 'carriage return'],
		['line\r', 'line', 'carriage return of a line end'],
		['a\u0000b\u0007c\bd\u007f', String.raw`a\x00b\x07c\x08d\x7f`, 'other control characters'],
		['\u009b2J', String.raw`\x9b2J`, 'eight bit control sequence'],
		['user\u202enimda', 'user<U+202E>nimda', 'bidi override'],
		['pass\u200bword', 'pass<U+200B>word', 'zero width space'],
		['\u{e0041}', '<U+E0041>', 'tag character'],
		['a\tb', 'a   b', 'tab'],
		['abcd\tb', 'abcd    b', 'tab at a stop'],
		['\ud800x', '\ufffdx', 'lone surrogate'],
		['\u{1f468}\u200d\u{1f469} \u2764\ufe0f', '\u{1f468}\u{1f469} \u2764', 'emoji glue'],
		['Grüße, 東京, мир', 'Grüße, 東京, мир', 'other scripts'],
	])('%j becomes %j: %s', (input, output) => {
		expect(sanitiseText(input)).toBe(output);
	});

	it('takes linear time on hostile input', () => {
		const hostile = '\u001b]8;;'.repeat(50_000) + '\u001b['.repeat(50_000) + '0;'.repeat(100_000);
		const before = performance.now();
		sanitiseText(hostile);
		expect(performance.now() - before).toBeLessThan(1000);
	});
});

describe('decodeLine', () => {
	it.each([
		[[0x61, 0xff, 0x62], String.raw`a\xffb`],
		[[0xc3, 0xa4], 'ä'],
		[[0xc3], String.raw`\xc3`],
		[[0xc0, 0xaf], String.raw`\xc0\xaf`],
		[[0xed, 0xa0, 0x80], String.raw`\xed\xa0\x80`],
		[[0xf0, 0x9f, 0x91, 0xa8], '\u{1f468}'],
		[[0xf4, 0x90, 0x80, 0x80], String.raw`\xf4\x90\x80\x80`],
		[[0x9b, 0x32, 0x4a], String.raw`\x9b2J`],
		[[0xef, 0xbf, 0xbd], '\ufffd'],
	])('shows invalid bytes: %j', (input, output) => {
		expect(decode(Uint8Array.from(input))).toBe(output);
	});

	it('reads only its part of the buffer', () => {
		const line = Buffer.from('before|the line|after');
		expect(decodeLine(line, 7, 15)).toBe('the line');
		expect(decodeLine(line.subarray(7), 0, 8)).toBe('the line');
	});
});

describe('a terminal that is sent log lines', () => {
	const columns = 2000;

	it('keeps cursor, title, clipboard, buffer and answers untouched, whatever bytes come', async () => {
		const terminal = new xterm.Terminal({ cols: columns, rows: 4, allowProposedApi: true });
		const touched: string[] = [];
		terminal.onTitleChange((title) => touched.push(`title ${title}`));
		terminal.onBell(() => touched.push('bell'));
		terminal.onData((data) => touched.push(`answer ${data}`));
		terminal.onLineFeed(() => touched.push('line feed'));
		for (const code of [0, 1, 2, 4, 8, 9, 10, 11, 52, 104, 777, 1337]) {
			terminal.parser.registerOscHandler(code, () => {
				touched.push(`osc ${code}`);
				return true;
			});
		}
		const write = (data: string): Promise<void> =>
			new Promise((resolve) => {
				terminal.write(data, resolve);
			});
		await fc.assert(
			fc.asyncProperty(bytes, async (input) => {
				const shown = decode(input).slice(0, columns / 2 - 1);
				terminal.reset();
				await write(shown);
				expect(touched).toEqual([]);
				expect(terminal.buffer.active.type).toBe('normal');
				expect(terminal.buffer.active.cursorY).toBe(0);
				const row = terminal.buffer.active.getLine(0)?.translateToString(true) ?? '';
				expect(row.trimEnd()).toBe(shown.trimEnd());
			}),
			{ numRuns: 300 },
		);
		terminal.dispose();
	});

	it('would be touched by the same bytes as they are', async () => {
		const terminal = new xterm.Terminal({ cols: 80, rows: 4, allowProposedApi: true });
		const titles: string[] = [];
		terminal.onTitleChange((title) => titles.push(title));
		await new Promise<void>((resolve) => {
			terminal.write('\u001b]0;owned\u0007', resolve);
		});
		expect(titles).toEqual(['owned']);
		terminal.dispose();
	});
});
