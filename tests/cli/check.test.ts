import { describe, expect, it } from 'vitest';
import { judgeCheck, unknownCheck } from '../../src/cli/check/verdict.ts';
import type { ServiceStatus } from '../../src/domain/situation.ts';
import { crashed, locked, measured, situation, status, unjudged } from './situations.ts';

const judge = (...services: readonly ServiceStatus[]) => judgeCheck(situation(...services), services, false);

describe('check', () => {
	it.each([
		['nothing wrong', [measured], 0],
		['P3', [status('web', { mark: 'P3', severity: 'P3' })], 1],
		['P2', [measured, locked], 1],
		['P1', [status('web', { mark: 'P1', severity: 'P1' })], 2],
		['P0 beside P2 and unknown', [locked, crashed, unjudged], 2],
		['P2 beside unknown', [locked, unjudged], 1],
		['what cannot be judged', [measured, unjudged], 3],
		['nothing at all', [], 3],
		['stopped on purpose', [status('web', { mark: '-', reason: 'stopped on request 3 h ago' })], 0],
	])('%s', (_name, services, code) => {
		expect(judge(...services).code).toBe(code);
	});

	it('says the worst in the first line, with performance data after the bar, and the others below', () => {
		expect(judge(locked, crashed, measured).lines).toEqual([
			'SITREP CRITICAL: 2 in trouble of 3: P0 1, P2 1 on prod-1; shop/cloud-native-poc: exited 137, killed for memory, 3rd time in 10 min | p0=1;;0;0;3 p1=0;;0;0;3 p2=1;0;;0;3 p3=0;0;;0;3 unknown=0;;;0;3',
			'P0 shop/cloud-native-poc: exited 137, killed for memory, 3rd time in 10 min',
			'P2 worker: database locked 12 s',
		]);
	});

	it('gives the figures of services that were named', () => {
		const [first] = judgeCheck(situation(measured), [measured], true).lines;
		expect(first).toContain("'gateway cpu'=2.0%;;;0; 'gateway memory'=22020096B;;;0;104857600 'gateway restarts'=0;;;0;");
	});

	it('lets no bar and no line end into its text', () => {
		const lines = judge(status('a|b', { mark: 'P0', severity: 'P0', reason: 'x | y\nz' })).lines;
		expect(lines[0]?.split('|')).toHaveLength(2);
		expect(lines[0]).toContain('a/b: x / y\\nz');
		expect(unknownCheck('no | engine\n', undefined).lines).toEqual(['SITREP UNKNOWN: no / engine\\n']);
	});
});
