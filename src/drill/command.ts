import { explained } from './engineCalls.ts';
import { engineClient, type EngineHost } from './engineClient.ts';
import { breakRange } from './rangeBreak.ts';
import { down, type Removed } from './rangeDown.ts';
import { heal, healFault } from './rangeHeal.ts';
import { checkRangeName, defaultRange } from './rangeNames.ts';
import { up, type RangeState } from './rangeUp.ts';

/** Where a drill command writes: `out` for its answer, `say` for what it does meanwhile (stderr). One line at a time. */
export interface DrillIo {
	readonly out: (line: string) => void;
	readonly say: (line: string) => void;
}

export interface DrillOptions {
	/** The range's name; absent means the one that everybody uses. */
	readonly name?: string | undefined;
	/** The answer as one JSON document. */
	readonly json?: boolean | undefined;
	/** Ends it between two steps. */
	readonly signal?: AbortSignal | undefined;
}

const nameOf = (options: DrillOptions): string => checkRangeName(options.name ?? defaultRange);

/** `sitrep drill up` @throws EngineError */
export async function drillUp(host: EngineHost, io: DrillIo, options: DrillOptions = {}): Promise<RangeState> {
	const name = nameOf(options);
	const state = await explained(host, `make the range "${name}"`, async () => up(engineClient(host), name, io.say, options.signal));
	answer(io, options, state, [`The range "${name}" is up: ${state.url}`, `Break something: sitrep drill break FAULT   (sitrep drill list)`]);
	return state;
}

/** `sitrep drill down` @throws EngineError */
export async function drillDown(host: EngineHost, io: DrillIo, options: DrillOptions & { readonly keepImages?: boolean } = {}): Promise<Removed> {
	const name = nameOf(options);
	const removed = await explained(host, `remove the range "${name}"`, async () => down(engineClient(host), name, options.keepImages, options.signal));
	answer(io, options, removed, removedLines(name, removed));
	return removed;
}

function removedLines(name: string, removed: Removed): readonly string[] {
	const lines = Object.entries(removed).flatMap(([kind, names]: [string, readonly string[]]) => (names.length === 0 ? [] : [`  ${kind}: ${names.join(', ')}`]));
	return lines.length === 0 ? [`Nothing of the range "${name}" was there.`] : [`Removed of the range "${name}":`, ...lines];
}

/** `sitrep drill break FAULT` @throws EngineError, Error for a fault that does not exist */
export async function drillBreak(host: EngineHost, io: DrillIo, fault: string, options: DrillOptions = {}): Promise<void> {
	const name = nameOf(options);
	const made = await explained(host, `break the range "${name}"`, async () => breakRange(engineClient(host), name, fault, options.signal));
	answer(io, options, { range: name, fault: made.name, effect: made.effect, rule: made.rule ?? null, remedy: made.remedy }, [
		`${made.title}: ${made.effect}.`,
		`What ends it: ${made.remedy}, or sitrep drill heal.`,
	]);
}

/** `sitrep drill heal [FAULT]` @throws EngineError, TimeoutError where the service does not become healthy */
export async function drillHeal(host: EngineHost, io: DrillIo, fault: string | undefined, options: DrillOptions = {}): Promise<void> {
	const name = nameOf(options);
	const docker = engineClient(host);
	const state = await explained(host, `heal the range "${name}"`, async () => (fault === undefined ? heal(docker, name, options.signal) : healFault(docker, name, fault, options.signal)));
	answer(io, options, { ...state, healed: fault ?? null }, [fault === undefined ? `The range "${name}" is healthy: ${state.url}` : `Taken back: ${fault}. The range "${name}": ${state.url}`]);
}

function answer(io: DrillIo, options: DrillOptions, value: object, lines: readonly string[]): void {
	if (options.json === true) {
		io.out(JSON.stringify({ schemaVersion: 1, ...value }));
		return;
	}
	for (const line of lines) {
		io.out(line);
	}
}
