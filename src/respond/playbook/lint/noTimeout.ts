import { defaultTimeouts } from '../normalise/defaults.ts';
import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('no-timeout', 'warning');

/** A command, a request or a wait that does not say how long it may take. */
export const noTimeout: LintRule = ({ steps }) =>
	steps.flatMap(({ step, path }) => {
		if ((step.kind !== 'command' && step.kind !== 'http' && step.kind !== 'waitFor') || step.timeoutSeconds !== undefined) return [];
		const seconds = defaultTimeouts[step.kind];
		return [say(path, `no timeout: ${step.id} is ended after ${seconds} s`, `Say how long it may take: timeoutSeconds: ${seconds}.`)];
	});
