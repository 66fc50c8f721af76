import type { PlaybookComplaint } from '../complaint.ts';
import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const target = complain('no-target', 'error');
const loss = complain('no-loss', 'warning');

/** A destructive step that does not say what it acts on, or what will be lost: both are shown before it is confirmed. */
export const unsaidLoss: LintRule = ({ steps }) =>
	steps.flatMap(({ step, path, risk }) => {
		if (risk !== 'destructive' && step.confirm !== 'typed') return [];
		const found: PlaybookComplaint[] = [];
		if ((step.kind === 'command' || step.kind === 'parallel') && step.target === undefined) {
			found.push(target(path, `${step.id} has to be confirmed by typing its target, and names none`, "Name what it acts on: target: '${{params.container}}'."));
		}
		if (risk === 'destructive' && step.loses === undefined) found.push(loss(path, `${step.id} does not say what will be lost`, 'Say it in words: loses: everything written since the last backup.'));
		return found;
	});
