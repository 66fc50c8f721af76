import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('no-undo', 'warning');

/** A change that cannot be taken back, in a playbook that may have to take it back. */
export const noUndo: LintRule = ({ source, steps, actions }) => {
	const rollsBack = source.steps.some((step) => step.onFailure === 'rollback');
	if (source.kind !== 'rollback' && !rollsBack) return [];
	return steps.flatMap(({ step, path, risk }) => {
		const acts = step.kind === 'command' || step.kind === 'container' || step.kind === 'http' || step.kind === 'database' || (step.kind === 'rollout' && step.rollout.action === 'swap');
		// What only adds a file, a folder or a row leaves all as it was.
		const shell = actions.find((each) => each.of.step === step && !each.undo)?.shell;
		const makesFolders = shell !== undefined && shell.commands.length > 0 && shell.commands.every((each) => each.name === 'mkdir');
		const posts = step.kind === 'http' && step.http.method === 'POST';
		const adds = (step.kind === 'database' && step.database.action === 'backup') || makesFolders || posts;
		if (!acts || adds || risk === 'read' || step.undo !== undefined) return [];
		const why = source.kind === 'rollback' ? 'in a rollback' : 'and a later onFailure: rollback cannot take it back';
		return [say(path, `${step.id} changes something without an undo, ${why}`, 'Add an undo with the action that takes it back.')];
	});
};
