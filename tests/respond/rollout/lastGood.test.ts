import { describe, expect, it } from 'vitest';
import { lastGood, type VersionFacts } from '../../../src/respond/rollout/lastGood.ts';
import { move, record, version } from './fakes.ts';

const hour = 3_600_000;
/** Noon, local time. */
const now = new Date(2026, 10, 21, 12, 0).getTime();
const current = version('api:1.1.0', { current: true, createdAt: now - hour });

const of = (over: Partial<VersionFacts>) => lastGood({ versions: [current], records: [], moves: [], current, now, ...over });

describe('the last good version', () => {
	it('is the newest other one that was proved, and says why', () => {
		const { lastGood: good, why } = of({
			versions: [current, version('api:1.0.0'), version('api:0.9.0')],
			records: [
				record('api:1.1.0', { lastSeenAt: now, healthyMs: 120_000, since: now - hour }),
				record('api:0.9.0', { lastSeenAt: now - 90 * hour, healthyMs: 30 * hour, provedAt: now - 100 * hour }),
				record('api:1.0.0', { lastSeenAt: now - hour, healthyMs: 72 * hour, provedAt: now - 73 * hour }),
			],
		});
		expect(good).toMatchObject({ image: 'api:1.0.0', imageId: 'sha256:api:1.0.0', proved: true });
		expect(why).toBe('api:1.0.0 ran healthy for 3 d until 11:00; api:1.1.0, which runs now since 11:00, was never seen healthy for its watch window: 2 min at the longest');
	});

	it('is never the one that runs', () => {
		expect(of({ records: [record('api:1.1.0', { provedAt: now, healthyMs: hour })] }).lastGood).toBeUndefined();
	});

	it('is rather one that the engine has than one it would have to fetch', () => {
		const records = [record('api:1.0.0', { lastSeenAt: now - hour, provedAt: now - hour }), record('api:0.9.0', { lastSeenAt: now - 9 * hour, provedAt: now - 9 * hour })];
		const both = of({ versions: [current, version('api:0.9.0')], records });
		expect(both.lastGood?.image).toBe('api:0.9.0');
		expect(both.why).toContain('api:1.0.0, proved later, is not on this engine any more');
		const none = of({ records });
		expect(none.lastGood?.image).toBe('api:1.0.0');
		expect(none.why).toContain('would be fetched');
	});

	it('is not one that a later move did not stay at, where there is another', () => {
		const versions = [current, version('api:1.0.0'), version('api:0.9.0')];
		const records = [record('api:1.0.0', { lastSeenAt: now - hour, provedAt: now - 9 * hour }), record('api:0.9.0', { lastSeenAt: now - 20 * hour, provedAt: now - 20 * hour })];
		const failed = [move({ end: 'restored', begunAt: now - hour })];
		expect(of({ versions, records, moves: failed }).lastGood?.image).toBe('api:0.9.0');
		expect(of({ versions, records, moves: [move({ end: 'restored', begunAt: now - 30 * hour })] }).lastGood?.image).toBe('api:1.0.0');
		expect(of({ versions: versions.slice(0, 2), records: records.slice(0, 1), moves: failed }).why).toContain('the newest move to it was taken back');
	});

	it('falls back to what ran before the newest move that brought the current one, and says that it is a guess', () => {
		const moves = [move({ end: 'swapped', begunAt: now - hour }, { from: { image: 'api:1.0.0', imageId: 'sha256:api:1.0.0' }, to: { image: 'api:1.1.0', imageId: 'sha256:api:1.1.0' } })];
		const { lastGood: good, why } = of({ versions: [current, version('api:1.0.0'), version('api:0.9.0', { pinned: true })], moves });
		expect(good).toMatchObject({ image: 'api:1.0.0', proved: false });
		expect(why).toBe('not known to have been healthy: api:1.0.0 ran until the move of 11:00 brought what runs now');
	});

	it('then to what an earlier move kept, then to what was built before', () => {
		const older = [version('api:1.2.0', { createdAt: now }), current, version('api:1.0.0', { createdAt: now - 5 * hour }), version('api:0.9.0', { createdAt: now - 9 * hour })];
		expect(of({ versions: [...older, version('api:0.8.0', { pinned: true, createdAt: 1 })] }).lastGood).toMatchObject({ image: 'api:0.8.0', proved: false });
		expect(of({ versions: older })).toMatchObject({ lastGood: { image: 'api:1.0.0', proved: false }, why: 'not known to have been healthy: api:1.0.0 was built before the one that runs' });
		expect(of({ versions: older, moves: [move({ end: 'restored' })] }).lastGood?.image).toBe('api:0.9.0');
	});

	it('is unknown where nothing speaks for any', () => {
		const { lastGood: good, why } = of({ versions: [version('api:1.2.0', { createdAt: now }), current] });
		expect(good).toBeUndefined();
		expect(why).toContain('no version other than the one that runs is known to have been good');
	});
});
