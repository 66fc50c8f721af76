import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('no-undo', 'warning');

/** A change that cannot be taken back, in a playbook that may have to take it back. */
export const noUndo: LintRule = ({ source, steps }) => {
	const rollsBack = source.steps.some((step) => step.onFailure === 'rollback');
	if (source.kind !== 'rollback' && !rollsBack) return [];
	return steps.flatMap(({ step, path, risk }) => {
		const acts = step.kind === 'command' || step.kind === 'container' || step.kind === 'http' || step.kind === 'database';
		if (!acts || risk === 'read' || step.undo !== undefined) return [];
		const why = source.kind === 'rollback' ? 'in a rollback' : 'and a later onFailure: rollback cannot take it back';
		return [say(path, `${step.id} changes something without an undo, ${why}`, 'Add an undo with the action that takes it back.')];
	});
};
