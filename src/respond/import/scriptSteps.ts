import { posix } from 'node:path';
import { analyseShell } from '../shell/analyse.ts';
import { commandDraft, fenced } from './commandStep.ts';
import type { DraftStep } from './draft.ts';
import { literal } from './draft.ts';
import { expectedText, expectOf, fitsBeside } from './expectation.ts';
import { folderOf, isStrictMode, shellGroups } from './sharedState.ts';
import { scriptParts, tellsOutcome } from './statements.ts';
import type { ScriptStatement } from './statements.ts';
import { cut, isCondition, plainWords } from './titles.ts';
import type { WantedParams } from './wantedParams.ts';

/** Where in the document a script stands, and what it shares with the other scripts of its playbook. */
export interface ScriptPlace {
	/** Heading, list entry or other words that a step without a comment is called by. */
	readonly title: string;
	readonly source: string;
	/** Of the block. */
	readonly line: number;
	readonly params: WantedParams;
	/** Folder that an earlier `cd` of the playbook went to. */
	workingDir: string | undefined;
}

/** A block with more commands than this is no procedure. */
const mostStatements = 200;

/** `1. Check status`, `Step 2: restart`. */
const numbered = /^(?:step\s+)?(\d{1,3}[a-z]?)(?:[.):]|\s+[-–])\s*(?=\S)/i;

/** A comment that heads a step of its own even where no command follows. */
const headsStep = (comment: string): boolean => numbered.test(comment) || isCondition(comment);

interface Head {
	readonly title: string;
	readonly number?: string;
	readonly notes: readonly string[];
	readonly condition?: string;
}

const headOf = (group: readonly string[]): Head | undefined => {
	const lines = group.filter((line) => /[\p{L}\p{N}]/u.test(line));
	const [first, ...rest] = lines;
	if (first === undefined) return undefined;
	const number = numbered.exec(first)?.[1];
	const words = plainWords(first.replace(numbered, ''));
	if (words === '') return undefined;
	const title = words.replace(/[\s:]+$/, '');
	return {
		title: cut(title === '' ? words : title),
		...(number === undefined ? {} : { number }),
		notes: [
			...(words.length > 160 ? [first] : []),
			...(rest.length === 0 ? [] : [rest.join('\n')]),
			...(/^(?:or|alternatively)\b/i.test(title) ? ['Another way to do what stands before it: one of them is enough, skip the other.'] : []),
		],
		...(isCondition(title) ? { condition: cut(title) } : {}),
	};
};

const sourceOf = (place: ScriptPlace, head: Head | undefined): string => cut(`${place.source}${head?.number === undefined ? '' : `, ${head.number}`}`, 180);

/** A numbered comment, or a condition, without a command: a step by hand. */
const manualFrom = (group: readonly string[], place: ScriptPlace): DraftStep | undefined => {
	const head = headOf(group);
	if (head === undefined) return undefined;
	const rest = group.slice(1).join('\n').trim();
	const { risk, why, readable, commands } = analyseShell(rest);
	// Words are no command, though the shell would take them for one.
	const commented = readable && commands[0]?.certain === true;
	return {
		title: head.title,
		source: sourceOf(place, head),
		line: place.line,
		notes: [],
		body: { kind: 'manual', instructions: rest === '' ? literal(head.title) : literal(`${head.title}\n\n${fenced(rest)}`), checklist: [] },
		risk: commented ? risk : 'read',
		...(commented ? { why: `${cut(why, 300)}; it is commented out in the written procedure` } : {}),
		...(commented && risk === 'destructive' ? { target: commands[0]?.name ?? head.title, loses: literal(cut(why, 300)) } : {}),
		...(head.condition === undefined ? {} : { condition: head.condition }),
	};
};

/** A command's name can be a character that is a blank to a reader and none to a shell: something has to stand there. */
const shortCommand = (script: string): string => cut(script.replaceAll(/\\\n\s*/g, ' ').replaceAll(/\s+/g, ' ').trim(), 80) || 'a command that cannot be seen';

/** What the comments before a statement come to: steps of their own, notes, and the head of the step. */
const readBefore = (statement: ScriptStatement, place: ScriptPlace): { readonly steps: readonly DraftStep[]; readonly notes: readonly string[]; readonly head: Head | undefined } => {
	const groups = statement.before;
	const own = groups.at(-1) ?? [];
	const steps: DraftStep[] = [];
	const notes: string[] = [];
	for (const group of groups.slice(0, -1)) {
		const step = headsStep(group[0] ?? '') ? manualFrom(group, place) : undefined;
		if (step === undefined) notes.push(group.join('\n'));
		else steps.push(step);
	}
	return { steps, notes, head: headOf(own) };
};

/** What follows a command in comments: what it is expected to print, or a note. */
const readAfter = (step: DraftStep, after: readonly string[]): readonly string[] => {
	const open: string[] = [];
	for (const comment of after) {
		const expected = tellsOutcome(comment) ? expectedText(comment) : undefined;
		if (expected === undefined || expected === '' || !fitsBeside(step, comment)) step.notes.push(comment);
		else if (!expectOf(step, expected, /^prints?\b|output/i.test(comment))) open.push(comment);
	}
	return open;
};

/** Statements that run in one shell. */
const stepOf = (script: string, statements: readonly ScriptStatement[], head: Head | undefined, title: string, notes: readonly string[], place: ScriptPlace): DraftStep | undefined => {
	const [first] = statements;
	const last = statements.at(-1);
	if (first === undefined || last === undefined) return undefined;
	const text = script.slice(first.start, last.end);
	const draft = commandDraft(text, { params: place.params, workingDir: place.workingDir });
	const step: DraftStep = {
		title,
		source: sourceOf(place, head),
		line: place.line,
		notes: [...notes, ...draft.notes].filter((note) => note.trim() !== ''),
		body: draft.body,
		risk: draft.risk,
		why: draft.why,
		...(draft.target === undefined ? {} : { target: draft.target }),
		...(draft.loses === undefined ? {} : { loses: draft.loses }),
		...(head?.condition === undefined ? {} : { condition: head.condition }),
	};
	const open = readAfter(step, last.after);
	if (open.length > 0 && step.body.kind === 'command') step.notes.push('What is expected is said in words: look whether it holds.');
	return step;
};

/**
 * The steps of a block of commands: one for each command, but for those that need the same shell. Comments give titles and
 * notes; numbered ones without a command are steps by hand. Empty where there is nothing but comments.
 */
export const scriptSteps = (script: string, place: ScriptPlace): readonly DraftStep[] => {
	const { statements, rest, trouble: unreadable } = scriptParts(script);
	const trouble = unreadable ?? (statements.length > mostStatements ? `it has ${statements.length} commands, more than anybody would confirm` : undefined);
	if (trouble !== undefined) {
		const draft = commandDraft(script, { params: place.params, workingDir: place.workingDir });
		const body = draft.body.kind === 'manual' ? draft.body : { kind: 'manual' as const, instructions: literal(fenced(script, 'bash')), checklist: [] };
		return [{ ...draft, body, title: cut(place.title), source: sourceOf(place, undefined), line: place.line, notes: [`No command, because ${trouble}.`] }];
	}
	const steps: DraftStep[] = [];
	let head: Head | undefined;
	let within = 0;
	let carried: readonly string[] = [];
	for (const [from, to] of shellGroups(script, statements)) {
		const group = statements.slice(from, to);
		const [first] = group;
		if (first === undefined) continue;
		const before = readBefore(first, place);
		steps.push(...before.steps);
		if (first.parted || first.before.length > 0) {
			head = before.head;
			within = 0;
		}
		within++;
		const text = script.slice(first.start, group.at(-1)?.end);
		const name = head?.title ?? (statements.length === 1 || within === 1 && from === 0 ? place.title : undefined);
		const title = name === undefined ? shortCommand(text) : within === 1 ? name : cut(`${cut(name, 70)}: ${shortCommand(text)}`);
		const notes = [...carried, ...before.notes, ...(within === 1 ? (head?.notes ?? []) : [])];
		carried = [];
		if (isStrictMode(first.node) && group.length === 1 && to < statements.length) {
			carried = [...notes, ...first.after, `Written with ${shortCommand(text)} before it: every script runs so anyway.`];
			within = 0;
			continue;
		}
		const step = stepOf(script, group, head, title, notes, place);
		if (step !== undefined) steps.push(step);
		const folder = group.length === 1 ? folderOf(first.node) : undefined;
		if (folder !== undefined) {
			place.workingDir = posix.join(place.workingDir ?? '', folder);
			step?.notes.push(`What follows in this playbook runs in ${place.workingDir}, as it would in the terminal of whoever follows the written procedure.`);
		}
	}
	for (const group of rest) {
		const step = headsStep(group[0] ?? '') ? manualFrom(group, place) : undefined;
		if (step !== undefined) steps.push(step);
		else steps.at(-1)?.notes.push(group.join('\n'));
	}
	return steps;
};
