import type { RolloutWay } from '../../../domain/rollout.ts';
import { fields, text, type Fields } from '../narrow.ts';
import { hasFixedPort, writableMounts } from './findings.ts';
import { isRunning } from './look.ts';
import { isShared, type Attachment } from './networks.ts';

export interface ChosenWay {
	readonly way: RolloutWay;
	readonly why: string;
	/** Set where another way was asked for than is possible. */
	readonly refused?: string;
}

/** Start-first where nothing stands against it; stop-first else. */
export function chooseWay(container: Fields, attachments: readonly Attachment[], asked: RolloutWay | undefined): ChosenWay {
	const obstacle = obstacleToBoth(container, attachments);
	if (asked === 'start-first' && obstacle !== undefined) {
		return { way: 'stop-first', why: obstacle, refused: `both cannot run at once: ${obstacle}` };
	}
	if (asked === 'stop-first') {
		return { way: 'stop-first', why: 'the old one is stopped first, as was asked for' };
	}
	const shared = writableMounts(container);
	const reason = obstacle ?? (asked === undefined && shared.length > 0 ? `two must not write to ${shared.join(', ')} at once unasked` : undefined);
	return reason === undefined ? { way: 'start-first', why: 'the new one proves itself beside the old one' } : { way: 'stop-first', why: `the old one is stopped first: ${reason}` };
}

function obstacleToBoth(container: Fields, attachments: readonly Attachment[]): string | undefined {
	const host = fields(container['HostConfig']);
	const mode = text(host['NetworkMode']) ?? 'default';
	if (!isRunning(container)) {
		return 'it does not run';
	}
	if (isShared(mode)) {
		return `its network is ${mode.startsWith('container:') ? 'another container\'s' : mode}`;
	}
	if (hasFixedPort(host)) {
		return 'it holds a port of the host';
	}
	const fixed = attachments.find(({ address }) => address !== undefined);
	if (fixed !== undefined) {
		return `it has a fixed address on ${fixed.name}`;
	}
	if (attachments.some(({ mac }) => mac !== undefined) || text(fields(container['Config'])['MacAddress']) !== undefined) {
		return 'it may have a fixed hardware address';
	}
	if (attachments.length === 0 || attachments.some(({ name }) => name === 'bridge')) {
		return 'nobody finds it by a name: it is on no network of one\'s own';
	}
	return undefined;
}
