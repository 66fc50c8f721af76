import { describe, expect, it } from 'vitest';
import { HopelessError, TimeoutError, until } from '../../src/drill/until.ts';

describe('until', () => {
	it('looks until it sees something', async () => {
		let looks = 0;
		expect(await until(() => (++looks === 3 ? 'seen' : undefined), { timeoutMs: 5000, everyMs: 1, what: 'it' })).toBe('seen');
		expect(looks).toBe(3);
	});

	it('gives up with the last reason', async () => {
		const never = until(() => Promise.reject(new Error('not there')), { timeoutMs: 5, everyMs: 1, what: 'the thing' });
		await expect(never).rejects.toThrow(TimeoutError);
		await expect(never).rejects.toThrow('waited 0.005 s for the thing: not there');
	});

	it('gives up at once where there is no hope', async () => {
		let looks = 0;
		const hopeless = until(
			() => {
				looks++;
				throw new HopelessError('it ended');
			},
			{ timeoutMs: 5000, what: 'it' },
		);
		await expect(hopeless).rejects.toThrow('it ended');
		expect(looks).toBe(1);
	});

	it('ends when it is told to', async () => {
		const over = new AbortController();
		const waiting = until(() => false, { timeoutMs: 60_000, everyMs: 60_000, what: 'it', signal: over.signal });
		over.abort();
		await expect(waiting).rejects.toThrow(/abort/i);
	});
});
