import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHarmless } from '../../../src/domain/sanitise.ts';
import { parseEntry } from '../../../src/observe/logs/parse.ts';

describe('parseEntry', () => {
	it('takes JSON apart, one level of nesting flattened', () => {
		expect(parseEntry('{"level":50,"time":1763700000123,"msg":"failed","err":{"code":"E1","at":{"x":1}},"list":[1,2],"none":null}')).toEqual({
			format: 'json',
			message: 'failed',
			level: 'error',
			time: '1763700000123',
			rest: [['err.code', 'E1'], ['err.at', '{"x":1}'], ['list', '[1,2]'], ['none', 'null']],
		});
	});

	it('knows the keys of other loggers', () => {
		expect(parseEntry('{"@t":"2026-11-21T05:13:41Z","@l":"Warning","@m":"slow"}')).toMatchObject({ message: 'slow', level: 'warn', time: '2026-11-21T05:13:41Z', rest: [] });
		expect(parseEntry('{"severity":"CRITICAL","message":"x"}')).toMatchObject({ level: 'fatal', message: 'x' });
		expect(parseEntry('{"log":{"level":"debug"},"message":"x"}')).toMatchObject({ level: 'debug' });
	});

	it('takes logfmt apart', () => {
		expect(parseEntry(String.raw`time=2026-11-21T05:13:41Z level=warn msg="slow \"query\"" rows=12 cached`)).toEqual({
			format: 'logfmt',
			message: 'slow "query"',
			level: 'warn',
			time: '2026-11-21T05:13:41Z',
			rest: [['rows', '12'], ['cached', 'true']],
		});
	});

	it.each(['plain text', 'x=1', 'a=1 and then some more talk in here', '{"broken":', '[1,2]', '{}x', 'k="unclosed v=2', 'SELECT a=1, b=2', ''])('leaves %j alone', (text) => {
		expect(parseEntry(text)).toBeUndefined();
	});

	it('makes values harmless that JSON had escaped', () => {
		const parsed = parseEntry(String.raw`{"msg":"\u001b]0;owned\u0007","k\u202e":"\u0000"}`);
		expect(parsed?.message).toBe(String.raw`\x1b]0;owned\x07`);
		expect(parsed?.rest).toEqual([['k<U+202E>', String.raw`\x00`]]);
	});

	it('never throws and gives only harmless text', () => {
		const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.dictionary(fc.string(), fc.string({ unit: 'binary' })).map((each) => JSON.stringify(each)));
		fc.assert(
			fc.property(anything, (text) => {
				const parsed = parseEntry(text);
				for (const part of [parsed?.message ?? '', parsed?.time ?? '', ...(parsed?.rest.flat() ?? [])]) expect(isHarmless(part)).toBe(true);
			}),
		);
	});

	it('gives back every key of a flat object', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.stringMatching(/^x[a-z]{0,5}$/), fc.oneof(fc.integer(), fc.stringMatching(/^[a-z ]*$/))), (record) => {
				expect(parseEntry(JSON.stringify(record))?.rest).toEqual(Object.entries(record).map(([key, value]) => [key, String(value)]));
			}),
		);
	});
});
