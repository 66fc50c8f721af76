import { describe, expect, it } from 'vitest';
import type { RollbackRecovery } from './outcome.ts';
import { rollbackSection, rollbackWords, type RollbackDone } from './table.ts';

const recovery = (over: Partial<RollbackRecovery>): RollbackRecovery => ({
	recoveredMs: 8000,
	wholeMs: 20_000,
	keys: 26,
	facts: [],
	steps: { carriedOut: 12, changes: 3 },
	end: 'all done',
	alert: 'P0 down',
	endedOn: '1.0.0',
	up: true,
	move: { end: 'swapped', words: 'healthy', begunAt: 0, endedAt: 2000, tookMs: 2000 },
	requests: { sent: 40, failed: 10, reasons: { ECONNREFUSED: 10 }, longestGapMs: 600 },
	...over,
});

const done: RollbackDone = {
	about: { id: 'a', title: 'crashes', playbook: 'p', ranWell: ['1.0.0'], endsOn: '1.0.0', written: { commands: ['true'], differs: 'no volume' } },
	times: [recovery({}), recovery({ recoveredMs: 9000, requests: { sent: 60, failed: 30, reasons: {}, longestGapMs: 900 } }), recovery({ recoveredMs: 12_000, endedOn: '', up: false, failure: 'it is down\nmore' })],
	written: { wholeMs: 1000, keys: 5, failure: 'the container is gone', facts: ['the row written last is gone'] },
};

describe('the table of rollbacks', () => {
	it('gives the median and the worst of what was healed, and names what was not', () => {
		const page = rollbackSection([done], { keysPerSecond: 3, done: recovery({}) }).join('\n');
		expect(page).toContain('| crashes **FAILED 1: it is down** | 3 | 2 x 1.0.0, 1 x nothing | 2 | 8.0 s, 9.0 s | 10, 30 | 600 ms, 900 ms | - | 26, 26 |');
		expect(page).toContain('| crashes | **not healed**; no volume; the container is gone; the row written last is gone |');
		expect(page).toContain('the service healthy on the old version **8.0 s** (26 keys');
	});

	it('tells how far back a restored backup went, how long it took, and what was lost by it', () => {
		const about = { about: done.about, times: [recovery({ restored: { rpoSeconds: 61, rtoMs: 40, rowsLost: 12 } }), recovery({ restored: { rpoSeconds: 75, rtoMs: 90, rowsLost: 20 } })] };
		const words = 'RPO 61 s, 75 s, RTO of the restore 40 ms, 90 ms, rows lost that were written after the backup 12, 20';
		expect(rollbackWords(about)).toContain(`restored: ${words}`);
		expect(rollbackSection([about]).join('\n')).toContain(`crashes: a backup is restored besides; ${words}, named by table before it ran.`);
		expect(rollbackWords(done).join('\n')).not.toContain('RPO');
	});

	it('tells a single time as it is', () => {
		const words = rollbackWords({ about: done.about, times: [recovery({})] });
		expect(words[0]).toBe('ended on 1.0.0; up 1 of 1; fault to healthy 8.0 s; keys 26');
		expect(words[1]).toBe('while it moved: 10 of 40 requests failed, longest gap 600 ms');
	});
});
