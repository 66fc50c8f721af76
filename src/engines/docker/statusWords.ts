import type { ContainerState, HealthStatus } from '../../domain/container.ts';

const units: Readonly<Record<string, number>> = {
	second: 1000,
	minute: 60_000,
	hour: 3_600_000,
	day: 86_400_000,
	week: 604_800_000,
	month: 2_592_000_000,
	year: 31_536_000_000,
};

/** What a list's status words tell, such as `Exited (137) 3 minutes ago` or `Up 2 hours (unhealthy)`. */
export interface StatusWords {
	readonly health: HealthStatus;
	readonly exitCode?: number;
	/** How long ago it started or ended, ms, as coarse as the words. */
	readonly agoMs?: number;
}

export function readStatus(words: string): StatusWords {
	const exit = /^(?:Exited|Restarting) \((-?\d+)\)/.exec(words)?.[1];
	const agoMs = readAgo(words);
	return {
		health: readHealth(words),
		...(exit === undefined ? {} : { exitCode: Number(exit) }),
		...(agoMs === undefined ? {} : { agoMs }),
	};
}

function readHealth(words: string): HealthStatus {
	if (words.includes('(healthy)')) {
		return 'healthy';
	}
	if (words.includes('(unhealthy)')) {
		return 'unhealthy';
	}
	return words.includes('(health: starting)') || words.includes('(starting)') ? 'starting' : 'none';
}

function readAgo(words: string): number | undefined {
	if (/Less than a second/.test(words)) {
		return 0;
	}
	const match = /(\d+|[Aa]bout an?|an?) (second|minute|hour|day|week|month|year)s?\b/.exec(words);
	const unit = units[match?.[2] ?? ''];
	if (match === null || unit === undefined) {
		return undefined;
	}
	const count = Number(match[1]);
	return (Number.isNaN(count) ? 1 : count) * unit;
}

const states: ReadonlySet<string> = new Set<ContainerState>(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']);

function isState(word: string): word is ContainerState {
	return states.has(word);
}

/** The state by the engine's word, or by its status words where it gives no word we know. */
export function readState(word: string | undefined, status: string): ContainerState {
	const lower = word?.toLowerCase() ?? '';
	if (isState(lower)) {
		return lower;
	}
	// Podman's own words, which its compatible interface lets through in places.
	switch (lower) {
		case 'configured':
		case 'initialized':
			return 'created';
		case 'stopped':
			return 'exited';
		case 'stopping':
			return 'running';
	}
	if (status.startsWith('Up')) {
		return status.includes('(Paused)') ? 'paused' : 'running';
	}
	if (status.startsWith('Restarting')) {
		return 'restarting';
	}
	if (status.startsWith('Exited')) {
		return 'exited';
	}
	return status.startsWith('Dead') ? 'dead' : 'created';
}
