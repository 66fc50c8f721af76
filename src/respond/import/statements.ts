import { forEachChild, parse } from 'unbash';
import type { Statement, SyntaxNode } from 'unbash';
import { masked, placeholdersIn } from './placeholders.ts';

/** A statement of a script with the comments around it. */
export interface ScriptStatement {
	readonly node: Statement;
	/** Offsets in the script, half open; here-documents included. */
	readonly start: number;
	readonly end: number;
	/** Set where a comment or an empty line parts it from the one before. */
	readonly parted: boolean;
	/** Comments before it, without their marks: groups that an empty line parts. The last one stands right above it. */
	readonly before: readonly (readonly string[])[];
	/** Comments that belong to it: behind it, or below it up to an empty line. */
	readonly after: readonly string[];
}

/** A script cut at its statements. */
export interface ScriptParts {
	readonly statements: readonly ScriptStatement[];
	/** Groups of comments after the last statement, or all of them where there is none. */
	readonly rest: readonly (readonly string[])[];
	/** Why it cannot be cut. */
	readonly trouble?: string;
}

/** Longer ones are not cut; characters. */
const longest = 100_000;

/** Comments that tell what a command prints belong to the command before them. */
export const tellsOutcome = (comment: string): boolean => /^(?:expect(?:ed|s)?\b|(?:sample |example )?output\b|returns?\b|prints?\b|result\b|should\b|=>|->|→|⇒)/i.test(comment);

const extentOf = (node: SyntaxNode): number => {
	let end = node.end;
	const visit = (each: SyntaxNode): void => {
		if (each.type === 'HereDoc') end = Math.max(end, each.body.end, each.closing?.end ?? 0);
		end = Math.max(end, each.end);
		forEachChild(each, visit);
	};
	visit(node);
	return end;
};

const commentOf = (line: string): string | undefined => /^[\s;&]*#+!?\s?(.*)$/.exec(line)?.[1]?.trimEnd();

/** Groups of comments in a gap between statements; `touches` where no empty line parts the first or the last from the statement. */
interface Gap {
	readonly behind: readonly string[];
	readonly groups: readonly (readonly string[])[];
	readonly touchesAbove: boolean;
	readonly touchesBelow: boolean;
	readonly empty: boolean;
}

const gapOf = (text: string, first: boolean): Gap => {
	const lines = text.split('\n');
	const own = first ? undefined : lines.shift();
	const behind = own === undefined ? undefined : commentOf(own);
	// What stands before the next statement on its own line is no line of the gap.
	const inner = lines.length > 0 && commentOf(lines.at(-1) ?? '') === undefined ? lines.slice(0, -1) : lines;
	const groups: string[][] = [];
	let open: string[] | undefined;
	let empty = false;
	for (const line of inner) {
		const comment = commentOf(line);
		if (comment === undefined) {
			open = undefined;
			empty = true;
			continue;
		}
		if (open === undefined) groups.push((open = []));
		open.push(comment);
	}
	return {
		behind: behind === undefined ? [] : [behind],
		groups,
		touchesAbove: !first && inner.length > 0 && commentOf(inner[0] ?? '') !== undefined,
		touchesBelow: inner.length > 0 && commentOf(inner.at(-1) ?? '') !== undefined,
		empty,
	};
};

/** Which groups of comments belong to the statement above the gap. */
const toAbove = (gap: Gap, last: boolean): { readonly above: readonly string[]; readonly below: readonly (readonly string[])[] } => {
	const above: string[] = [];
	const below: (readonly string[])[] = [];
	gap.groups.forEach((group, index) => {
		const alone = !(gap.touchesBelow && index === gap.groups.length - 1) || last;
		const outcome = group.findIndex((comment) => !tellsOutcome(comment));
		const leading = outcome < 0 ? group.length : outcome;
		if (below.length === 0 && (leading === group.length || (index === 0 && gap.touchesAbove && alone))) above.push(...group);
		else if (below.length === 0 && leading > 0) {
			above.push(...group.slice(0, leading));
			below.push(group.slice(leading));
		} else below.push(group);
	});
	return { above, below };
};

/** Cuts a script at its statements, with a real parser, and finds out which comments belong to which. */
export const scriptParts = (script: string): ScriptParts => {
	if (script.length > longest) return { statements: [], rest: [], trouble: `it is longer than ${longest} characters` };
	let parsed;
	try {
		parsed = parse(masked(script, placeholdersIn(script)));
	} catch (error) {
		return { statements: [], rest: [], trouble: `it cannot be read as a shell script: ${error instanceof Error ? error.message : String(error)}` };
	}
	const [error] = parsed.errors ?? [];
	if (error !== undefined) return { statements: [], rest: [], trouble: `it is no shell script: ${error.message}` };
	const statements: ScriptStatement[] = [];
	let from = 0;
	for (const node of parsed.commands) {
		const end = extentOf(node);
		if (node.pos < from) {
			// It begins within the lines of the one before, as after a here-document: they stay together.
			const previous = statements.pop();
			if (previous !== undefined) statements.push({ ...previous, end: Math.max(previous.end, end) });
			from = Math.max(from, end);
			continue;
		}
		const gap = gapOf(script.slice(from, node.pos), statements.length === 0);
		const { above, below } = toAbove(gap, false);
		const previous = statements.pop();
		if (previous !== undefined) statements.push({ ...previous, after: [...gap.behind, ...above] });
		statements.push({ node, start: node.pos, end, parted: gap.empty || gap.groups.length > 0, before: previous === undefined ? gap.groups : below, after: [] });
		from = end;
	}
	const gap = gapOf(`${script.slice(from)}\n`, statements.length === 0);
	if (statements.length === 0) return { statements, rest: gap.groups };
	const { above, below } = toAbove(gap, true);
	const previous = statements.pop();
	if (previous !== undefined) statements.push({ ...previous, after: [...gap.behind, ...above] });
	return { statements, rest: below };
};
