import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../src/drill/until.ts';
import { Load, loadWords } from './load.ts';

describe('the load generator', () => {
	let server: Server;
	let url: string;
	let asked = 0;
	let answer: (index: number) => number | 'cut' | 'nothing';

	beforeEach(async () => {
		asked = 0;
		server = createServer((message, response) => {
			const how = answer(asked++);
			if (how === 'cut') message.socket.destroy();
			else if (how !== 'nothing') response.writeHead(how).end('ok');
		});
		await new Promise<void>((resolve) => {
			server.listen(0, '127.0.0.1', resolve);
		});
		const address = server.address();
		url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
	});
	afterEach(() => {
		server.closeAllConnections();
		server.close();
	});

	const upTo = async (load: Load, count: number): Promise<void> => void (await until(() => load.count.sent >= count, { timeoutMs: 15_000, everyMs: 5, what: `${count} requests` }));

	it('counts every request as the server does, and tells failures apart', async () => {
		answer = (index) => (index % 10 === 3 ? 500 : index % 10 === 7 ? 'cut' : 200);
		using load = new Load({ url, perSecond: 400 });
		await upTo(load, 100);
		const { sent, ok, failed, underWay, reasons } = await load.stop();
		expect(sent).toBe(asked);
		expect(underWay).toBe(0);
		expect(ok + failed).toBe(sent);
		const every = (rest: number): number => Array.from({ length: sent }, (_, index) => index).filter((index) => index % 10 === rest).length;
		expect(reasons).toEqual({ 'status 500': every(3), ECONNRESET: every(7) });
	});

	it('measures the longest time without a good answer', async () => {
		let until200 = Number.POSITIVE_INFINITY;
		answer = (index) => {
			if (index === 20) until200 = performance.now() + 300;
			return index >= 20 && performance.now() < until200 ? 503 : 200;
		};
		using load = new Load({ url, perSecond: 200 });
		await until(() => load.count.failed > 0 && load.count.ok > 40, { timeoutMs: 15_000, everyMs: 5, what: 'the end of the gap' });
		const { longestGapMs, failingMs } = await load.stop();
		expect(longestGapMs).toBeGreaterThan(280);
		expect(failingMs).toBeGreaterThan(200);
		expect(longestGapMs).toBeGreaterThan(failingMs);
	});

	it('tells of a span of time', async () => {
		const now = (): number => performance.timeOrigin + performance.now();
		let bad = false;
		answer = () => (bad ? 500 : 200);
		using load = new Load({ url, perSecond: 200 });
		await upTo(load, 20);
		const from = now();
		bad = true;
		await until(() => load.count.failed >= 30, { timeoutMs: 15_000, everyMs: 5, what: 'failures' });
		bad = false;
		const to = now();
		await upTo(load, load.count.sent + 20);
		const all = await load.stop();
		const span = load.between(from, to);
		expect(span.sent).toBeLessThan(all.sent);
		// Those that were under way when it went bad were sent before.
		expect(span.failed).toBeGreaterThanOrEqual(20);
		expect(span.reasons).toEqual({ 'status 500': span.failed });
		expect(span.longestGapMs).toBeLessThanOrEqual(to - from);
		expect(load.between(from - 60_000, from).failed + span.failed).toBeLessThanOrEqual(all.failed);
		expect(load.between(0, now())).toMatchObject({ sent: all.sent, failed: all.failed });
	});

	it('counts what nobody answers, and where nobody listens', async () => {
		answer = () => 'nothing';
		using load = new Load({ url, perSecond: 100, answerMs: 50 });
		await upTo(load, 10);
		expect(Object.keys((await load.stop()).reasons)).toEqual(['no answer within 0.05 s']);
		server.close();
		server.closeAllConnections();
		using second = new Load({ url, perSecond: 100 });
		await upTo(second, 5);
		const count = await second.stop();
		expect(count.reasons).toEqual({ ECONNREFUSED: count.sent });
		expect(loadWords(count)).toMatch(/^(\d+) of \1 requests failed \(\1 x ECONNREFUSED\), longest gap \d+ ms$/);
	});
});
