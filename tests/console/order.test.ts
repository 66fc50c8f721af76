import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownOrder, wantedOrder } from '../../src/console/order.ts';
import type { Severity } from '../../src/domain/severity.ts';
import type { ServiceStatus } from '../../src/domain/situation.ts';

const status = (id: string, severity?: Severity, mark?: ServiceStatus['mark']): ServiceStatus => {
	const [group, name] = id.includes('/') ? id.split('/') : [undefined, id];
	return {
		service: { id, name: name ?? id, ...(group === undefined ? {} : { group }), manager: 'none', containers: [], configured: false },
		...(severity === undefined ? {} : { severity }),
		mark: mark ?? severity ?? 'ok',
		reason: '',
		alerts: [],
		inconclusive: [],
		restarts: 0,
		probes: [],
	};
};

describe('order of services', () => {
	it('puts the worst on top, whatever its group, and keeps projects together below', () => {
		expect(
			wantedOrder([
				status('a/one'),
				status('z/db', 'P2'),
				status('lone'),
				status('b/web', 'P0'),
				status('b/api'),
				status('a/off', undefined, '-'),
				status('a/who', undefined, '?'),
				status('z/web10'),
				status('z/web9'),
			]),
		).toEqual(['b/web', 'z/db', 'b/api', 'z/web9', 'z/web10', 'lone', 'a/one', 'a/who', 'a/off']);
	});

	it('keeps every row in its place while the person reads', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.string()), fc.uniqueArray(fc.string()), (before, wanted) => {
				const { order, held } = shownOrder(before, wanted, true);
				expect([...order].sort()).toEqual([...wanted].sort());
				const stayed = before.filter((id) => wanted.includes(id));
				expect(order.slice(0, stayed.length)).toEqual(stayed);
				expect(held).toBe(order.join('\0') !== wanted.join('\0'));
			}),
		);
	});
});
