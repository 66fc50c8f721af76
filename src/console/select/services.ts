import type { Liveness } from '../../domain/liveness.ts';
import type { PaneWords, ServiceRow, ServicesView } from '../view.ts';

/** True where a row passes the filter: every word of it is in the name, the group, the reason, the image or the mark. */
export const passes = (row: ServiceRow, filter: string): boolean => {
	const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
	if (words.length === 0) return true;
	const text = `${row.name} ${row.group ?? ''} ${row.reason} ${row.image} ${row.mark}`.toLowerCase();
	return words.every((word) => (word.startsWith('-') && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word)));
};

/** Keeps `selected` within the rows that are drawn, moving the window no more than it must. */
export const windowOffset = (offset: number, selected: number, total: number, visible: number): number => {
	const last = Math.max(0, total - visible);
	const low = Math.min(offset, Math.max(0, selected));
	const high = selected >= low + visible ? selected - visible + 1 : low;
	return Math.max(0, Math.min(high, last));
};

/** Why there are no rows, and what to do about it. */
export const emptyWords = (
	liveness: Liveness,
	listed: boolean,
	total: number,
	filter: string,
): PaneWords => {
	if (liveness.kind === 'failed') {
		return { kind: 'error', text: liveness.why, ...(liveness.advice === undefined ? {} : { advice: liveness.advice }) };
	}
	if (!listed) {
		if (liveness.kind === 'reconnecting') {
			return { kind: 'error', text: liveness.why, ...(liveness.advice === undefined ? {} : { advice: liveness.advice }) };
		}
		return { kind: 'loading', text: 'asking the engine for its containers' };
	}
	if (total > 0) return { kind: 'empty', text: `none of ${total} services matches "${filter}"`, advice: 'Esc clears the filter' };
	return {
		kind: 'empty',
		text: 'this engine has no containers, running or stopped',
		advice: 'start one and it shows here at once; npm run demo makes a range to try',
	};
};

/** The services pane: rows in their order, filtered, with the window that shows the selected one. */
export const servicesView = (input: {
	readonly rows: readonly ServiceRow[];
	readonly selectedId: string | undefined;
	readonly offset: number;
	readonly visible: number;
	readonly filter: string;
	readonly filtering: boolean;
	readonly orderHeld: boolean;
	readonly liveness: Liveness;
	readonly listed: boolean;
	readonly total: number;
	readonly troubled: number;
}): ServicesView => {
	const selected = input.rows.findIndex((row) => row.id === input.selectedId);
	const words = input.rows.length === 0 ? emptyWords(input.liveness, input.listed, input.total, input.filter) : undefined;
	return {
		...(words === undefined ? {} : { words }),
		rows: input.rows,
		selected,
		offset: windowOffset(input.offset, selected, input.rows.length, input.visible),
		total: input.total,
		troubled: input.troubled,
		filter: input.filter,
		filtering: input.filtering,
		orderHeld: input.orderHeld,
	};
};
