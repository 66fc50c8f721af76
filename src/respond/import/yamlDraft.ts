import { stringify } from 'yaml';
import type { PlaybookProblem } from '../../domain/playbook/problem.ts';
import { outcomeNames } from '../action/scope.ts';
import { lintText } from '../playbook/lint.ts';
import { isBranch, withChoices } from './alternatives.ts';
import type { Placed, PlacedStep } from './alternatives.ts';
import type { DraftPlaybook } from './draft.ts';
import { cut, slug, uniqueNames } from './titles.ts';

/** A draft as a file. */
export interface DraftFile {
	readonly id: string;
	readonly text: string;
	readonly problems: readonly PlaybookProblem[];
}

/** Names that mean something of their own where a step is asked for. */
const reserved: readonly string[] = ['end', 'params', 'steps', ...outcomeNames];

const longestNote = 15_000;

/** YAML takes no control characters in comments, and a line of its own begins with each line end. */
const comment = (text: string): string => ` ${cut(text.replaceAll(/[\p{Cc}\u2028\u2029\uFEFF\uFFFE\uFFFF]+/gu, ' ').toWellFormed(), 500)}`;

const bodyOf = ({ step }: PlacedStep): Readonly<Record<string, unknown>> => {
	const { body } = step;
	if (body.kind === 'manual') return { kind: 'manual', ...(body.instructions === undefined ? {} : { instructions: body.instructions }), ...(body.checklist.length === 0 ? {} : { checklist: body.checklist }) };
	return {
		...(body.run === undefined ? { sh: body.sh } : { run: body.run }),
		...(Object.keys(body.env).length === 0 ? {} : { env: body.env }),
		...(body.workingDir === undefined ? {} : { workingDir: body.workingDir }),
		timeoutSeconds: body.timeoutSeconds,
		...(body.expect === undefined ? {} : { expect: body.expect }),
	};
};

/** Keys in the order in which a person reads them. */
const sourceOf = (placed: Placed, phaseIds: readonly string[]): Readonly<Record<string, unknown>> => {
	const phase = isBranch(placed) ? placed.phase : placed.step.phase;
	const place = phase === undefined ? {} : { phase: phaseIds[phase] };
	if (isBranch(placed)) return { id: placed.id, title: 'Which of these is the case?', source: placed.source, ...place, kind: 'branch', choices: placed.choices };
	const { step } = placed;
	const note = step.notes.join('\n\n').trim();
	return {
		id: placed.id,
		title: step.title,
		source: `${step.source}, line ${step.line}`,
		...place,
		...(step.body.kind === 'manual' && step.why === undefined ? {} : { risk: step.risk }),
		...bodyOf(placed),
		...(step.target === undefined ? {} : { target: step.target }),
		...(step.loses === undefined ? {} : { loses: step.loses }),
		...(note === '' ? {} : { note: note.length > longestNote ? `${note.slice(0, longestNote).toWellFormed()}…` : note }),
		...(placed.nextStep === undefined ? {} : { nextStep: placed.nextStep }),
	};
};

/** Parameters that the steps of this file use. */
const paramsIn = (draft: DraftPlaybook): Readonly<Record<string, unknown>> => {
	const text = JSON.stringify(draft.steps.map(({ body, target }) => [body, target]));
	return Object.fromEntries([...draft.params].filter(([name]) => new RegExp(String.raw`\bparams\.${name}\b|P_${name}\b`).test(text)).map(([name, { type, title }]) => [name, { type, title }]));
};

const about = (problem: PlaybookProblem): string => `lint ${problem.level} ${problem.rule}: ${problem.message}${problem.wayOut === undefined ? '' : `. ${problem.wayOut}`}`;

/** The same file with lines of comments above its steps. The text of a step stands deeper than its first line, and all before `steps` deeper than that key. */
const withRemarks = (text: string, remarks: ReadonlyMap<number, readonly string[]>): string => {
	let step = -1;
	let reached = false;
	return text
		.split('\n')
		.flatMap((line) => {
			if (line === 'steps:') reached = true;
			if (!reached || !line.startsWith('  - id: ')) return [line];
			step++;
			return [...(remarks.get(step) ?? []).map((remark) => `  #${remark}`), line];
		})
		.join('\n');
};

/**
 * Writes a draft. What lint says of a step stands above it as a comment.
 * @param id of the playbook @param file the runbook it was made from
 */
export const draftFile = (draft: DraftPlaybook, id: string, file: string): DraftFile => {
	const phaseName = uniqueNames();
	const phaseIds = draft.phases.map(({ title }) => phaseName(slug(title) || 'phase'));
	const stepName = uniqueNames(reserved);
	const placed = withChoices(draft.steps, stepName, (step) => stepName(slug(step.title) || 'step'));
	const used = new Set(placed.map((each) => (isBranch(each) ? each.phase : each.step.phase)));
	const phases = Object.fromEntries(draft.phases.flatMap(({ title, budgetMinutes }, index) => (used.has(index) ? [[phaseIds[index], { title, ...(budgetMinutes === undefined ? {} : { budgetMinutes }) }]] : [])));
	const params = paramsIn(draft);
	const plain = stringify({
		schemaVersion: 1,
		id,
		version: '0.1.0',
		kind: draft.kind,
		...(draft.severity === undefined ? {} : { severity: draft.severity }),
		title: cut(draft.title, 190),
		draft: true,
		...(draft.summary === undefined ? {} : { summary: draft.summary }),
		source: cut(`${file}: ${draft.source}`, 900),
		...(draft.notes.length === 0 ? {} : { notes: draft.notes }),
		...(Object.keys(params).length === 0 ? {} : { params }),
		...(Object.keys(phases).length === 0 ? {} : { phases }),
		steps: placed.map((each) => sourceOf(each, phaseIds)),
	}, { aliasDuplicateObjects: false, lineWidth: 0 });
	const problems = lintText(plain, `${id}.yaml`);
	const remarks = new Map<number, string[]>();
	const general: string[] = [];
	placed.forEach((each, index) => {
		if (!isBranch(each) && each.step.why !== undefined) remarks.set(index, [comment(`${each.step.risk}: ${each.step.why}`)]);
	});
	for (const problem of problems) {
		const at = /^steps\[(\d+)\]/.exec(problem.path)?.[1];
		const own = at === undefined ? general : (remarks.get(Number(at)) ?? []);
		if (at !== undefined) remarks.set(Number(at), own);
		own.push(comment(about(problem)));
	}
	const head = [comment(`A draft made from ${file}. It does not run before somebody has read it all: sitrep playbook review ${id}.yaml`), ...general];
	return { id, text: `${head.map((line) => `#${line}\n`).join('')}\n${withRemarks(plain, remarks)}`, problems };
};
