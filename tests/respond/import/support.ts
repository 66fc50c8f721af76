import { expect } from 'vitest';
import type { Playbook } from '../../../src/domain/playbook/playbook.ts';
import type { Step } from '../../../src/domain/playbook/step.ts';
import { importRunbook } from '../../../src/respond/import/importRunbook.ts';
import type { ImportReport } from '../../../src/respond/import/importRunbook.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';

/** A report with its drafts read back. */
export interface Imported {
	readonly report: ImportReport;
	readonly playbooks: readonly Playbook[];
	/** Of all drafts, in order. */
	readonly steps: readonly Step[];
	/** All files in one, for what has to be somewhere. */
	readonly text: string;
}

/** Imports a runbook and reads every draft back: each has to meet the format, and to be a draft. */
export const imported = (markdown: string, pack = 'ops'): Imported => {
	const report = importRunbook(markdown, { file: 'runbook.md', pack });
	const playbooks = report.files.map(({ name, text }) => {
		const { loaded, problems } = loadPlaybook(text, name, pack);
		expect(problems, text.slice(0, 5000)).toEqual([]);
		if (loaded === undefined) throw new Error(`${name} was not read`);
		expect(loaded.playbook.draft).toBe(true);
		expect(`${loaded.playbook.id}.yaml`).toBe(name);
		return loaded.playbook;
	});
	expect(new Set(playbooks.map(({ id }) => id)).size).toBe(playbooks.length);
	return { report, playbooks, steps: playbooks.flatMap(({ steps }) => steps), text: report.files.map(({ text }) => text).join('\n') };
};

/** The command of a step as one line. */
export const commandOf = (step: Step | undefined): string | undefined => {
	if (step?.kind !== 'command' || step.action.kind !== 'command') return undefined;
	return step.action.run?.join(' ') ?? step.action.sh;
};

/** The one step with this title. */
export const titled = (found: Imported, title: string): Step => {
	const step = found.steps.find((each) => each.title === title);
	if (step === undefined) throw new Error(`no step "${title}"; there are: ${found.steps.map((each) => each.title).join(' | ')}`);
	return step;
};

/** Blocks of commands in a report: how many there are, how many became steps, how many were left out. */
export const blocksIn = (report: ImportReport): readonly number[] => {
	const line = report.lines.find((each) => /shell blocks?:/.test(each)) ?? '';
	return [...line.matchAll(/\d+/g)].slice(0, 3).map(Number);
};

export const fence = (text: string, language = 'bash'): string => `\`\`\`${language}\n${text}\n\`\`\``;
