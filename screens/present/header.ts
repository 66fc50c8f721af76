import { severities } from '../../src/domain/severity.ts';
import type { Liveness } from '../../src/domain/liveness.ts';
import type { HeaderView } from '../../src/console/view.ts';
import { fit, type Pen, type Piece, piece, row, widthOf } from './cells.ts';
import { severityRole } from './roles.ts';
import { clock, duration } from './words.ts';

const seconds = (ms: number): string => `${Math.max(0, Math.ceil(ms / 1000))} s`;

/** The state in words, and whether what is shown is the present. */
export const livenessPieces = (liveness: Liveness, now: number): readonly Piece[] => {
	switch (liveness.kind) {
		case 'connecting':
			return [piece('connecting', 'strong')];
		case 'live':
			return [piece('live', 'ok')];
		case 'reconnecting':
			return [piece(` RECONNECTING in ${seconds(liveness.at - now)} `, ['p1', 'selected'])];
		case 'stale':
			return [piece(` STALE ${duration(now - liveness.since)} `, ['p1', 'selected'])];
		case 'failed':
			return [piece(' NO ENGINE ', ['p0', 'selected'])];
	}
};

/** What the services pane says in its title where its rows are not the present. */
export const notCurrent = (liveness: Liveness, now: number): string | undefined => {
	switch (liveness.kind) {
		case 'reconnecting':
			return `NOT CURRENT: ${liveness.why}`;
		case 'stale':
			return `NOT CURRENT: last heard ${duration(now - liveness.since)} ago, ${liveness.why}`;
		case 'failed':
			return 'NOT CURRENT';
		case 'connecting':
		case 'live':
			return undefined;
	}
};

const isCurrent = (liveness: Liveness): boolean => liveness.kind === 'live';

/** `P0 1  P1 -`: how many services are in trouble, by severity; `?` where nobody can say. */
const countPieces = (view: HeaderView, gap: string): readonly Piece[] =>
	severities.flatMap((severity): readonly Piece[] => {
		const number = view.counts[severity];
		const known = isCurrent(view.liveness);
		const text = number > 0 ? `${severity} ${number}` : `${severity} ${known ? '-' : '?'}`;
		return [piece(gap), piece(text, number > 0 ? [severityRole(severity), 'strong'] : 'muted')];
	});

/** The first line: which engine, in which state, how much trouble, what time it is. The engine's name is never cut below 12 cells. */
export const presentHeader = (view: HeaderView, width: number, pen: Pen): string => {
	const wide = width >= 76;
	const product = `${view.target.kind}${view.info === undefined ? '' : ` ${view.info.version}`}`;
	const host = width >= 120 && view.info !== undefined ? ` on ${view.info.hostName}, ${view.target.address}` : '';
	const state = livenessPieces(view.liveness, view.now);
	const right: readonly Piece[] = [
		...(view.readOnly ? [piece(wide ? ' read only ' : ' ro ', 'selected')] : []),
		...countPieces(view, wide ? '  ' : ' '),
		piece(`${wide ? '   ' : ' '}${clock(view.now)} `, 'muted'),
	];
	const size = (pieces: readonly Piece[]): number => pieces.reduce((sum, part) => sum + widthOf(part.text), 0);
	const room = width - size(right);
	const lead = piece(' sitrep ', 'muted');
	const name = piece(view.target.name, 'strong');
	const gap = piece(' ');
	// What matters least goes first: address, product, then our own name.
	const choices: readonly (readonly Piece[])[] = [
		[lead, gap, name, piece(` ${product}${host}`), gap, gap, ...state],
		[lead, gap, name, piece(` ${product}`), gap, gap, ...state],
		[lead, name, gap, gap, ...state],
		[gap, name, gap, ...state],
	];
	const fitting = choices.find((pieces) => size(pieces) + 1 <= room);
	if (fitting !== undefined) return row([...fitting, piece(' '.repeat(room - size(fitting))), ...right], width, pen);
	// Not even the short form fits: the clock and the counts give way before the engine's name and state do.
	const nameCells = Math.max(12, Math.min(size([name]), width - size(state) - 3));
	const short = size([name]) <= nameCells ? name : piece(fit(name.text, nameCells, pen), name.role);
	return row([gap, short, gap, ...state, ...countPieces(view, ' ')], width, pen);
};
