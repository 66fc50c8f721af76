import { ensureImages } from '../../../src/drill/image.ts';
import { imageRepository } from '../../../src/drill/rangeNames.ts';
import { until } from '../../../src/drill/until.ts';
import { askStats, type LoadWindow } from '../../drill/loadStats.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { ms, spread } from '../statistics.ts';
import { serviceNames, SwapServices } from '../swapService.ts';

const rounds = 10;
const perSecond = 100;
const second = 1e9;
const waitMs = 60_000;
const [good, next] = [`${imageRepository}:1.0.0`, `${imageRepository}:1.1.0`];

const name = `${serviceNames}beside`;
const labels = { 'sitrep.bench': 'own' } as const;

/** The client beside the service, counting. */
class Client {
	readonly #address: string;

	private constructor(address: string) {
		this.#address = address;
	}

	static async start({ docker, network }: SwapServices): Promise<Client> {
		const load = await docker.createContainer({
			name: `${serviceNames}client`,
			Image: good,
			Cmd: ['/app/load.mjs'],
			Env: [`TARGET=http://${name}:8000`, `REQUESTS_PER_SECOND=${perSecond}`, 'KEEP_ALIVE=no'],
			Labels: labels,
			HostConfig: { NetworkMode: network },
		});
		await load.start();
		const client = new Client(Object.values((await load.inspect()).NetworkSettings.Networks)[0]?.IPAddress ?? '');
		await until(async () => (await askStats(client.#address, '/stats', 'GET')).sent > 0, { timeoutMs: waitMs, what: 'the client to begin' });
		return client;
	}

	/** Counts what is sent while something is done, and for a moment after it. Nothing is under way to nobody when it begins. */
	async during(work: () => Promise<void>): Promise<LoadWindow> {
		await askStats(this.#address, '/stats', 'POST');
		await until(async () => (await askStats(this.#address, '/stats', 'GET')).ok >= perSecond / 2, { timeoutMs: waitMs, everyMs: 20, what: 'requests to be answered' });
		await askStats(this.#address, '/stats', 'POST');
		await work();
		const { ok } = await askStats(this.#address, '/stats', 'GET');
		await until(async () => (await askStats(this.#address, '/stats', 'GET')).ok >= ok + perSecond, { timeoutMs: waitMs, everyMs: 20, what: 'the other version to answer' });
		const { id } = await askStats(this.#address, '/stats', 'POST');
		await until(async () => (await askStats(this.#address, `/stats/${id}`, 'GET')).underWay === 0, { timeoutMs: waitMs, what: 'every request to be over' });
		return askStats(this.#address, `/stats/${id}`, 'GET');
	}
}

const makeService = async ({ docker, network }: SwapServices): Promise<void> => {
	const service = await docker.createContainer({
		name,
		Image: next,
		Labels: labels,
		Healthcheck: { Test: ['CMD', 'node', '/app/health.mjs'], Interval: second, Timeout: 20 * second, Retries: 20 },
		HostConfig: { NetworkMode: network },
	});
	await service.start();
};

interface Counted {
	sent: number;
	failed: number;
	longestGapMs: number;
	readonly reasons: Map<string, number>;
}

const add = (sum: Counted, { sent, failed, longestGapMs, reasons }: LoadWindow): void => {
	sum.sent += sent;
	sum.failed += failed;
	sum.longestGapMs = Math.max(sum.longestGapMs, longestGapMs);
	for (const [why, count] of Object.entries(reasons)) sum.reasons.set(why, (sum.reasons.get(why) ?? 0) + count);
};

const empty = (): Counted => ({ sent: 0, failed: 0, longestGapMs: 0, reasons: new Map() });

const words = ({ sent, failed, longestGapMs, reasons }: Counted): string =>
	`${failed} of ${sent} requests failed${reasons.size === 0 ? '' : ` (${[...reasons].map(([why, count]) => `${count} x ${why}`).join(', ')})`}, longest time without an answer ${ms(longestGapMs)}`;

const measure = async (bench: Bench) => {
	await ensureImages(bench.docker, () => {});
	await using services = await SwapServices.open(bench);
	const back = empty();
	const again = empty();
	const took: number[] = [];
	const move = async (image: string): Promise<void> => {
		const { gapMs, tookMs } = await services.swap(name, image);
		if (gapMs !== undefined) throw new Error(`it was not moved side by side: nobody answered for ${gapMs} ms`);
		took.push(tookMs);
	};
	let client: Client | undefined;
	for (let round = 0; round < rounds; round++) {
		await makeService(services);
		await services.healthy(name);
		client ??= await Client.start(services);
		add(back, await client.during(() => move(good)));
		add(again, await client.during(() => move(next)));
		await bench.remove(name);
	}
	return { back, again, took };
};

export const rollbackBeside: Figure = {
	id: 'rollback-beside',
	title: 'Requests that fail where two can stand side by side',
	promise: '0',
	method: `${rounds} times a service that is found by its name, without a port of the host or data on a volume, is rolled back to another version, while a client beside it asks ${perSecond} times a second, each on a connection of its own, and counts every answer. The same service is then moved once more, when it has its name as an alias too, and an alias can only be taken off by leaving the network for a moment`,
	async run(bench) {
		const { back, again, took } = await measure(bench);
		return [
			{
				measured: `${back.failed + again.failed} of ${back.sent + again.sent} requests`,
				reached: back.failed + again.failed === 0 && back.sent > 0 && again.sent > 0,
				beside: [`moved for the first time: ${words(back)}`, `moved once more: ${words(again)}`, `a move took ${spread(took)}`],
			},
		];
	},
};
