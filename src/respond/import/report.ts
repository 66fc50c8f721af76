import type { Risk } from '../../domain/playbook/risk.ts';
import { risks } from '../../domain/playbook/risk.ts';
import type { RunbookDocument, Section } from './document.ts';
import type { DraftPlaybook } from './draft.ts';
import type { Tally } from './tally.ts';
import type { DraftFile } from './yamlDraft.ts';

const counted = (count: number, one: string, several = `${one}s`): string => `${count} ${count === 1 ? one : several}`;

/** What became of a runbook, one line each: nothing is left out without a word. */
export const reportLines = (file: string, document: RunbookDocument, made: readonly { readonly draft: DraftPlaybook; readonly file: DraftFile }[], tally: Tally, empty: readonly Section[]): readonly string[] => {
	const steps = made.flatMap(({ draft }) => draft.steps);
	const commands = steps.filter(({ body }) => body.kind === 'command');
	const ofRisk = (risk: Risk): number => commands.filter((step) => step.risk === risk).length;
	const shellLeftOut = tally.shellBlocks - tally.shellBlocksAsSteps;
	return [
		`${file}: ${counted(made.length, 'draft')}, ${counted(steps.length, 'step')}: ${counted(commands.length, 'command')} (${risks.map((risk) => `${ofRisk(risk)} ${risk}`).join(', ')}), ${steps.length - commands.length} by hand`,
		`${counted(tally.shellBlocks, 'shell block')}: ${tally.shellBlocksAsSteps} became steps, ${shellLeftOut} left out; ${counted(tally.otherBlocks, 'other block')} of code`,
		`${counted(tally.checks, 'check')} to tick by hand, ${tally.boxes} of them with a box in the runbook`,
		...(document.plain === undefined ? [] : [`read line by line, because ${document.plain}: tables and nested lists are kept as text`]),
		...tally.leftOut.toSorted((a, b) => a.line - b.line).map(({ line, language, reason, keptIn }) => `line ${line}: ${language === '' ? 'block' : `${language} block`} is no step: ${reason}${keptIn === '' ? '' : `; its text is kept in "${keptIn}"`}`),
		...empty.map(({ line, title }) => `line ${line}: nothing stands below the heading "${title}"`),
		...made.map(({ draft, file: { id, problems } }) => {
			const errors = problems.filter(({ level }) => level === 'error').length;
			return `${id}: ${draft.title}, ${counted(draft.steps.length, 'step')}; lint: ${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}`;
		}),
		...(made.length === 0 ? ['there is nothing in it to make a playbook of'] : ['Drafts do not run. Read each, and then: sitrep playbook review FILE']),
	];
};
