import type { Clock } from '../../domain/clock.ts';
import { formatLatency } from '../../domain/duration.ts';
import { type Engine, EngineError, type EngineInfo } from '../../domain/engine.ts';
import type { EngineTrial } from '../ports.ts';
import { type DoctorCheck, errorWords } from './check.ts';

/** Slower than this is felt at every key, ms. */
const slowMs = 500;
/** A clock further off than this makes times and rates wrong, ms. */
const skewMs = 2000;
const pings = 3;

/** What was tried on the way to the engine. */
export const trialChecks = (trials: readonly EngineTrial[]): readonly DoctorCheck[] =>
	trials.map((trial, index) => ({
		id: `engine.tried.${index + 1}`,
		group: 'engine',
		// An address that was passed over for another is no fault.
		state: trials.some((each) => each.chosen) ? 'ok' : 'warn',
		title: trial.chosen ? 'chosen' : 'tried',
		words: `${trial.address === '' ? '(no address)' : trial.address} from ${trial.origin}: ${trial.outcome}`,
	}));

const answers = (info: EngineInfo): readonly DoctorCheck[] => [
	{
		id: 'engine.reachable',
		group: 'engine',
		state: 'ok',
		title: 'engine',
		words: `${info.target.name}: ${info.product} ${info.version}, API ${info.apiVersion}, on ${info.hostName} (${info.os}, ${info.cpus} CPUs, cgroup ${info.cgroup})`,
	},
	Math.abs(info.clockSkewMs) > skewMs
		? {
				id: 'engine.clock',
				group: 'engine',
				state: 'warn',
				title: 'clock',
				words: `the engine's clock is ${formatLatency(Math.abs(info.clockSkewMs))} ${info.clockSkewMs > 0 ? 'ahead of' : 'behind'} this machine's`,
				advice: 'Times of events and logs are shifted by that: run a time service on both machines.',
			}
		: { id: 'engine.clock', group: 'engine', state: 'ok', title: 'clock', words: 'in step with this machine' },
];

/** Connects, asks what it is, and measures how fast it answers. */
export const engineChecks = async (open: () => Promise<Engine>, clock: Clock): Promise<readonly DoctorCheck[]> => {
	try {
		const engine = await open();
		const info = await engine.info({ timeoutMs: 10_000 });
		return [...answers(info), await latency(engine, clock), await listing(engine, clock)];
	} catch (error) {
		return [
			{
				id: 'engine.reachable',
				group: 'engine',
				state: 'fail',
				title: 'engine',
				words: errorWords(error),
				advice: (error instanceof EngineError ? error.advice : undefined) ?? 'Start the engine, or say where it is with --host, --context or DOCKER_HOST.',
			},
		];
	}
};

const latency = async (engine: Engine, clock: Clock): Promise<DoctorCheck> => {
	let worst = 0;
	for (let turn = 0; turn < pings; turn++) {
		const start = clock.monotonic();
		await engine.ping({ timeoutMs: 5000 });
		worst = Math.max(worst, clock.monotonic() - start);
	}
	const words = `${formatLatency(worst)}, the slowest of ${pings} calls`;
	return worst > slowMs
		? { id: 'engine.latency', group: 'engine', state: 'warn', title: 'latency', words, advice: 'The link or the engine is slow: what the console shows is at least that old.' }
		: { id: 'engine.latency', group: 'engine', state: 'ok', title: 'latency', words };
};

const listing = async (engine: Engine, clock: Clock): Promise<DoctorCheck> => {
	const start = clock.monotonic();
	const containers = await engine.list({ timeoutMs: 10_000 });
	const took = clock.monotonic() - start;
	const running = containers.filter((container) => container.state === 'running').length;
	return {
		id: 'engine.containers',
		group: 'engine',
		state: 'ok',
		title: 'containers',
		words: `${containers.length}, ${running} running, listed in ${formatLatency(took)}`,
	};
};
