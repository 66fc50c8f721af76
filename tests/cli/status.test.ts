import { describe, expect, it } from 'vitest';
import stringWidth from 'string-width';
import { statusShape } from '../../src/cli/reference/shapes.ts';
import { statusJson } from '../../src/cli/status/json.ts';
import { summarise, summaryWords, worstFirst } from '../../src/cli/status/summary.ts';
import { statusLines } from '../../src/cli/status/text.ts';
import { plain } from '../../src/cli/style.ts';
import { isHarmless } from '../../src/domain/sanitise.ts';
import { crashed, locked, measured, situation, status, unjudged } from './situations.ts';

const all = situation(measured, crashed, unjudged, locked);

describe('status as text', () => {
	const lines = statusLines(all, worstFirst(all.services), undefined, plain);

	it('names the engine in the first line', () => {
		expect(lines[0]).toMatch(/^prod-1 {2}docker 28\.2\.1 {2}ssh:\/\/ops@prod-1 \(DOCKER_HOST\) {2}\d\d:\d\d:\d\d$/);
	});

	it('puts the worst first, with the reason in words, and ends with a summary', () => {
		expect(lines.slice(2)).toEqual([
			'P0  shop/cloud-native-poc      -     -         3  exited 137, killed for memory, 3rd time in 10 min',
			'P2  worker                     -     -         0  database locked 12 s',
			'ok  gateway                2.0 %  21 %         0  healthy 3 d',
			'?   postgres                   -     -         0  starting 3 s, health not known yet',
			'2 in trouble of 4: P0 1, P2 1; 1 unknown',
		]);
	});

	it('is cut to the width of a terminal, and leaves the figures out where the reason would suffer', () => {
		for (const width of [60, 80, 120]) {
			for (const line of statusLines(all, worstFirst(all.services), width, plain)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
		}
		expect(statusLines(all, [crashed], 80, plain)[2]).toBe('P0  shop/cloud-native-poc  exited 137, killed for memory, 3rd time in 10 min');
		expect(statusLines(all, [locked], 80, plain)[2]).toBe('P2  worker     -    -         0  database locked 12 s');
		expect(statusLines(all, [crashed], 60, plain)[0]).toMatch(/^prod-1 {2}docker 28.*… {2}\d\d:\d\d:\d\d$/);
		expect(statusLines(all, [crashed], 60, plain)[2]).toBe('P0  shop/cloud-native-p…  exited 137, killed for memory, 3r…');
	});

	it('lets no container write to the terminal', () => {
		const evil = status('evil\u001b]0;title\u0007', { reason: 'cause \u001b[2J\u202e' });
		for (const line of statusLines(situation(evil), [evil], undefined, plain)) expect(isHarmless(line)).toBe(true);
	});

	it('says so where there is nothing', () => {
		expect(statusLines(situation(), [], undefined, plain).slice(1)).toEqual(['no containers', '0 in trouble of 0']);
	});
});

describe('status as JSON', () => {
	it('has the shape that is documented', () => {
		expect(() => statusShape.parse(statusJson(all, worstFirst(all.services)))).not.toThrow();
	});

	it('says null for what is not known, not nothing', () => {
		const json = statusJson(situation(crashed), [crashed]);
		expect(json.services[0]).toMatchObject({ severity: 'P0', figures: null, errorsPerMinute: null });
		expect(json.summary).toEqual({ total: 1, troubled: 1, unknown: 0, P0: 1, P1: 0, P2: 0, P3: 0 });
	});
});

describe('summary', () => {
	it('counts severities, and what is unknown', () => {
		expect(summaryWords(summarise([measured]))).toBe('0 in trouble of 1');
		expect(summaryWords(summarise([crashed, crashed, locked, unjudged]))).toBe('3 in trouble of 4: P0 2, P2 1; 1 unknown');
	});
});
