import { EngineError } from '../../../domain/engine.ts';
import type { RolloutPlan } from '../../../domain/rollout.ts';
import { fields, isFields, list, number, strings, text, type Fields } from '../narrow.ts';
import type { Attachment } from './networks.ts';
import type { Proof } from './proof.ts';

/** What this engine writes into a plan for itself. JSON, and without the service's environment: that is read from the old one when it is needed. */
export interface PlanData {
	readonly format: 1;
	readonly oldId: string;
	/** The name that stays. */
	readonly name: string;
	/** Name of the old one while it is kept. */
	readonly asideName: string;
	/** Name of the new one until it gets its own. */
	readonly freshName: string;
	readonly wasRunning: boolean;
	/** As it was, to be given back. */
	readonly restartPolicy: Fields;
	readonly attachments: readonly Attachment[];
	readonly proof: Proof;
	/** Of the old one and of the new one: their own grace, s. */
	readonly stopSeconds: number;
}

/** @throws EngineError where the plan is another engine's, or was written by a version that is too new */
export function readData(plan: RolloutPlan): PlanData {
	const data = fields(plan.data);
	const proof = fields(data['proof']);
	const [oldId, name, asideName, freshName] = [text(data['oldId']), text(data['name']), text(data['asideName']), text(data['freshName'])];
	if (data['format'] !== 1 || oldId === undefined || name === undefined || asideName === undefined || freshName === undefined) {
		throw new EngineError('invalid', `the plan of rollout ${plan.id} is none of this engine`, { advice: 'Plan it again.' });
	}
	return {
		format: 1,
		oldId,
		name,
		asideName,
		freshName,
		wasRunning: data['wasRunning'] === true,
		restartPolicy: fields(data['restartPolicy']),
		attachments: list(data['attachments']).filter(isFields).map(readAttachment),
		proof: { kind: proof['kind'] === 'health' ? 'health' : 'steady', withinMs: number(proof['withinMs']) ?? 60_000, steadyMs: number(proof['steadyMs']) ?? 5000 },
		stopSeconds: number(data['stopSeconds']) ?? 10,
	};
}

function readAttachment(value: Fields): Attachment {
	const [address, mac] = [text(value['address']), text(value['mac'])];
	return {
		id: text(value['id']) ?? '',
		name: text(value['name']) ?? '',
		endpoint: fields(value['endpoint']),
		aliases: strings(value['aliases']),
		primary: value['primary'] === true,
		...(address === undefined ? {} : { address }),
		...(mac === undefined ? {} : { mac }),
	};
}
