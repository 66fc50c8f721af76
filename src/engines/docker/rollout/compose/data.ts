import { EngineError } from '../../../../domain/engine.ts';
import type { RolloutPlan } from '../../../../domain/rollout.ts';
import { fields, list, number, strings, text } from '../../narrow.ts';
import type { Proof } from '../proof.ts';
import type { ProjectFiles } from './project.ts';

/**
 * `together`: compose replaces all containers of the service in one go, as its own `up` does.
 * `each`: one container after the other is removed, and compose makes the missing one.
 */
export type ComposeMode = 'together' | 'each';

/** A container that was there when the plan was made. */
export interface PlannedReplica {
	readonly id: string;
	readonly name: string;
	readonly running: boolean;
}

/** What a move of a compose service writes into its plan for itself. JSON; nothing of the service's environment is in it. */
export interface ComposeData {
	readonly format: 1;
	readonly kind: 'compose';
	readonly service: string;
	readonly files: ProjectFiles;
	/** Our file for compose. */
	readonly override: string;
	readonly mode: ComposeMode;
	/** How many containers it has, and keeps. */
	readonly scale: number;
	/** Those to be moved, in the order in which they are. */
	readonly old: readonly PlannedReplica[];
	/** Ids of those that ran the target already. */
	readonly already: readonly string[];
	/** Paths of volumes without a name that our file has to name, or compose would not keep them. */
	readonly carried: readonly string[];
	readonly neverPull: boolean;
	/** Image that the project's own files name, and an `up` without our file goes back to; absent where it is the target, or not known. */
	readonly ownImage?: string;
	readonly proof: Proof;
	/** Grace at a stop, s. */
	readonly stopSeconds: number;
}

/** @throws EngineError where the plan is another kind's, or was written by a version that is too new */
export function readComposeData(plan: RolloutPlan): ComposeData {
	const data = fields(plan.data);
	const files = fields(data['files']);
	const proof = fields(data['proof']);
	const [service, override, project, workingDir] = [text(data['service']), text(data['override']), text(files['project']), text(files['workingDir'])];
	if (data['format'] !== 1 || data['kind'] !== 'compose' || service === undefined || override === undefined || project === undefined || workingDir === undefined) {
		throw new EngineError('invalid', `the plan of rollout ${plan.id} is no plan of a compose service`, { advice: 'Plan it again.' });
	}
	const ownImage = text(data['ownImage']);
	return {
		format: 1,
		kind: 'compose',
		service,
		...(ownImage === undefined ? {} : { ownImage }),
		files: { project, workingDir, files: strings(files['files']), envFiles: strings(files['envFiles']) },
		override,
		mode: data['mode'] === 'each' ? 'each' : 'together',
		scale: number(data['scale']) ?? 1,
		old: list(data['old']).map(fields).map((one) => ({ id: text(one['id']) ?? '', name: text(one['name']) ?? '', running: one['running'] === true })),
		already: strings(data['already']),
		carried: strings(data['carried']),
		neverPull: data['neverPull'] === true,
		proof: { kind: proof['kind'] === 'health' ? 'health' : 'steady', withinMs: number(proof['withinMs']) ?? 60_000, steadyMs: number(proof['steadyMs']) ?? 5000 },
		stopSeconds: number(data['stopSeconds']) ?? 10,
	};
}

const prefix = 'compose:';

export const subjectId = (project: string, service: string): string => `${prefix}${project}/${service}`;

export const isComposeSubject = (id: string): boolean => id.startsWith(prefix);

/** @throws EngineError where it is none */
export function readSubject(id: string): { readonly project: string; readonly service: string } {
	const [project, service, ...more] = isComposeSubject(id) ? id.slice(prefix.length).split('/') : [];
	if (project === undefined || service === undefined || more.length > 0) {
		throw new EngineError('invalid', `${id} is no compose service`);
	}
	return { project, service };
}
