import { EngineError } from '../../../../domain/engine.ts';
import type { RolloutPlan, RolloutWay } from '../../../../domain/rollout.ts';
import { fields, number, text } from '../../narrow.ts';
import type { Mark } from './service.ts';

/** What a move of a service keeps for itself in its plan. JSON, and without the service's spec: that may hold secrets, and the cluster keeps it. */
export interface SwarmData {
	readonly format: 1;
	readonly serviceId: string;
	/** `previous`: the spec that the cluster remembers, whole. `now`: the present one on another image. */
	readonly base: 'previous' | 'now';
	/** Whether the cluster is told to go back, or to change to a spec. */
	readonly call: 'rollback' | 'update';
	readonly fromMark: Mark;
	readonly toMark: Mark;
	/** How the old version is asked for where the cluster does not remember its spec any more. */
	readonly backMark: Mark;
	/** Fingerprints of specs: what was planned from, and what the cluster remembered then. */
	readonly fromPrint: string;
	readonly previousPrint?: string;
	/** Set where the move sets it; `fromOrder` is what it was. */
	readonly order?: RolloutWay;
	readonly fromOrder: RolloutWay;
	/** Tasks that ran before. */
	readonly ranBefore: number;
	/** Start of the change before this one, epoch ms, so that what the cluster tells of it is not taken for this one's. */
	readonly lastChangeAt?: number;
	/** For the whole of the move and for the probes alone, ms. */
	readonly withinMs: number;
	readonly probeWithinMs: number;
	/** How long all tasks have to run beyond what the cluster watches, ms. */
	readonly holdMs: number;
}

/** @throws EngineError where the plan is another kind's, or was written by a version that is too new */
export function readSwarmData(plan: RolloutPlan): SwarmData {
	const data = fields(plan.data);
	const [serviceId, fromPrint, previousPrint] = [text(data['serviceId']), text(data['fromPrint']), text(data['previousPrint'])];
	if (data['format'] !== 1 || serviceId === undefined || fromPrint === undefined) {
		throw new EngineError('invalid', `the plan of rollout ${plan.id} is none of this engine`, { advice: 'Plan it again.' });
	}
	const order = data['order'] === undefined ? undefined : readOrder(data['order']);
	const lastChangeAt = number(data['lastChangeAt']);
	return {
		format: 1,
		serviceId,
		base: data['base'] === 'previous' ? 'previous' : 'now',
		call: data['call'] === 'rollback' ? 'rollback' : 'update',
		fromMark: readMark(data['fromMark']),
		toMark: readMark(data['toMark']),
		backMark: readMark(data['backMark']),
		fromPrint,
		...(previousPrint === undefined ? {} : { previousPrint }),
		...(order === undefined ? {} : { order }),
		fromOrder: readOrder(data['fromOrder']),
		ranBefore: number(data['ranBefore']) ?? 0,
		...(lastChangeAt === undefined ? {} : { lastChangeAt }),
		withinMs: number(data['withinMs']) ?? 120_000,
		probeWithinMs: number(data['probeWithinMs']) ?? 60_000,
		holdMs: number(data['holdMs']) ?? 0,
	};
}

const readOrder = (value: unknown): RolloutWay => (value === 'start-first' ? 'start-first' : 'stop-first');

function readMark(value: unknown): Mark {
	const mark = fields(value);
	return { image: text(mark['image']) ?? '', force: number(mark['force']) ?? 0 };
}
