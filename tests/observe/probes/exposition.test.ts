import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExposition } from '../../../src/observe/probes/exposition.ts';

const all = (): boolean => true;

describe('parseExposition', () => {
	it('reads names, labels and values, and leaves timestamps and exemplars', () => {
		const page = [
			'# HELP a x',
			'# TYPE a counter',
			'a{path="/x}",q="a\\"b,c=\\"d\\"\\n\\\\"} 5 1700000000000',
			'a 1e3',
			'b{x = "y" , } +Inf',
			'c_bucket{le="0.1"} 7 # {trace_id="abc"} 0.05 123',
			'd{} NaN\r',
			'# EOF',
		].join('\n');
		expect(parseExposition(page, all)).toEqual({
			samples: [
				{ name: 'a', labels: { path: '/x}', q: 'a"b,c="d"\n\\' }, value: 5 },
				{ name: 'a', labels: {}, value: 1000 },
				{ name: 'b', labels: { x: 'y' }, value: Number.POSITIVE_INFINITY },
				{ name: 'c_bucket', labels: { le: '0.1' }, value: 7 },
				{ name: 'd', labels: {}, value: Number.NaN },
			],
			unreadable: 0,
		});
	});

	it('counts lines it cannot read and goes on', () => {
		expect(parseExposition('this is junk\n<html>\na{x="y} 1\na 5\na five', all)).toEqual({ samples: [{ name: 'a', labels: {}, value: 5 }], unreadable: 4 });
	});

	it('keeps only what is wanted', () => {
		expect(parseExposition('a 1\nb junk\nb 2', (name) => name === 'a')).toEqual({ samples: [{ name: 'a', labels: {}, value: 1 }], unreadable: 0 });
	});

	it('reads back any label value', () => {
		fc.assert(
			fc.property(fc.string(), fc.double({ noNaN: true }), (text, value) => {
				const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
				const shown = value === Number.POSITIVE_INFINITY ? '+Inf' : value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
				const sample = parseExposition(`a{x="${escaped}",y="z"} ${shown}`, all).samples[0];
				expect(sample?.labels).toEqual({ x: text, y: 'z' });
				expect(sample?.value === value).toBe(true);
			}),
		);
	});

	it('stays quick on a large page, and on one made to be slow', () => {
		const large = Array.from({ length: 50_000 }, (_, index) => `h{path="/x/${index}",status="200"} ${index}`).join('\n');
		expect(parseExposition(large, all).samples).toHaveLength(50_000);
		const nasty = `a{${'x="\\\\'.repeat(20_000)}`;
		expect(parseExposition(nasty, all).unreadable).toBe(1);
	});
});
