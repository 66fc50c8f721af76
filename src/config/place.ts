import { isNode, isPair, visit } from 'yaml';
import type { Document, LineCounter, Node } from 'yaml';
import type { Complaint } from './issues.ts';

/** A complaint about a piece of a text value. */
export interface PlacedComplaint extends Complaint {
	/** Offset within the value, from 0. */
	readonly offset?: number;
}

/** Line and column of the nearest thing that stands in the file: the key, the value, or what should hold it. */
export const placeOf = (document: Document, lines: LineCounter, complaint: PlacedComplaint): { line: number; column: number } => {
	for (let length = complaint.path.length; length >= 0; length--) {
		const path = complaint.path.slice(0, length);
		const whole = length === complaint.path.length;
		const node = whole && complaint.atKey ? keyNode(document, path) : document.getIn(path, true);
		if (!isNode(node) || node.range === undefined || node.range === null) continue;
		const within = whole && complaint.offset !== undefined ? offsetInSource(node, complaint.offset) : 0;
		// A thing that is missing from a map is reported at the map's own key.
		const shown = whole || length === 0 ? node : (keyNode(document, path) ?? node);
		const { line, col } = lines.linePos((shown.range?.[0] ?? 0) + within);
		return { line, column: col };
	}
	return { line: 1, column: 1 };
};

/**
 * Where a character of a text value stands in the file, counted from the start of its node. A value on one line and a
 * block kept line by line (`|`) keep their offsets; a folded one starts where it starts.
 */
const offsetInSource = (node: Node, offset: number): number => {
	if (!('type' in node)) return 0;
	if (node.type === 'PLAIN') return offset;
	if (node.type === 'BLOCK_LITERAL') return offsetInBlock(node, offset);
	return node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? offset + 1 : 0;
};

const offsetInBlock = (node: Node, offset: number): number => {
	const source = 'srcToken' in node ? node.srcToken : undefined;
	const raw = source?.type === 'block-scalar' ? source.source : undefined;
	const start = node.range?.[0] ?? 0;
	if (raw === undefined || source?.type !== 'block-scalar' || !('value' in node) || typeof node.value !== 'string') return 0;
	const before = node.value.slice(0, offset).split('\n');
	const rawLines = raw.split('\n');
	const above = before.length - 1;
	const line = rawLines[above] ?? '';
	const valueLine = node.value.split('\n')[above] ?? '';
	const indent = Math.max(0, line.replace(/\r$/, '').length - valueLine.length);
	const up = rawLines.slice(0, above).reduce((sum, each) => sum + each.length + 1, 0);
	return source.offset - start + (source.props.reduce((sum, each) => sum + ('source' in each ? each.source.length : 0), 0)) + up + indent + (before.at(-1)?.length ?? 0);
};

const keyNode = (document: Document, path: readonly PropertyKey[]): Node | undefined => {
	const last = path.at(-1);
	const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
	let found: Node | undefined;
	if (!isNode(holder)) return undefined;
	visit(holder, {
		Pair(_key, pair, ancestors) {
			if (ancestors.length > 1) return visit.SKIP;
			if (isNode(pair.key) && 'value' in pair.key && String(pair.key.value) === String(last)) {
				found = pair.key;
				return visit.BREAK;
			}
			return visit.SKIP;
		},
	});
	if (found !== undefined || !isPair(holder)) return found;
	return undefined;
};
