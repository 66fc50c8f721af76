import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { ResolvedStep } from '../../domain/run/control.ts';

const padded = (rows: readonly (readonly string[])[]): readonly string[] => {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
	return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd());
};

/** One line for each playbook. */
export const listLines = (playbooks: readonly LoadedPlaybook[]): readonly string[] =>
	padded(playbooks.map(({ playbook }) => [playbook.id, playbook.severity ?? '-', playbook.kind, `${playbook.title}${playbook.draft ? '  (draft, not reviewed)' : ''}`]));

/** A playbook as it would be carried out. */
export const planLines = (loaded: LoadedPlaybook, steps: readonly ResolvedStep[]): readonly string[] => {
	const { playbook } = loaded;
	let phase: string | undefined;
	return [
		`${playbook.title}  (${playbook.id} ${playbook.version})`,
		...(playbook.summary === undefined ? [] : [playbook.summary]),
		...(playbook.source === undefined ? [] : [`from: ${playbook.source}`]),
		...playbook.notes.map((note) => `note: ${note}`),
		...steps.flatMap((step, index): readonly string[] => {
			const begins = step.phase !== undefined && step.phase !== phase;
			phase = step.phase ?? phase;
			const found = playbook.phases.find((each) => each.id === step.phase);
			return [
				...(begins ? ['', `${found?.title ?? step.phase}${found?.budgetMinutes === undefined ? '' : `, until ${found.budgetMinutes} min`}`] : []),
				`${String(index + 1).padStart(3)}  ${step.title}  [${step.kind}, ${step.risk === 'destructive' ? 'DESTRUCTIVE' : step.risk}${step.confirmation === 'none' ? '' : `, ${step.confirmation}`}]`,
				...(step.command === '' ? [] : step.command.split('\n').map((line) => `       ${line}`)),
				...(step.loses === undefined ? [] : [`       loses: ${step.loses}`]),
				...(step.leaves === undefined ? [] : [`       stop before it leaves: ${step.leaves}`]),
				...(step.note === undefined ? [] : [`       note: ${step.note}`]),
			];
		}),
	];
};
