import type { LoadedPlaybook, Playbook } from '../../domain/playbook/playbook.ts';
import type { PlaybookProblem } from '../../domain/playbook/problem.ts';
import { duplicateId } from './lint/duplicateId.ts';
import { expressions } from './lint/expressions.ts';
import { loopWithoutExit } from './lint/loopWithoutExit.ts';
import { noTimeout } from './lint/noTimeout.ts';
import { noUndo } from './lint/noUndo.ts';
import { scriptNames } from './lint/scriptNames.ts';
import { secretInArgv } from './lint/secretInArgv.ts';
import { curlNoFail, endless, interactive, maskedFailure, mayAsk, placeholder, unreadableScript } from './lint/shellFindings.ts';
import type { LintRule } from './lint/subject.ts';
import { subjectOf } from './lint/subject.ts';
import { understatedRisk } from './lint/understatedRisk.ts';
import { unknownPlaybook } from './lint/unknownPlaybook.ts';
import { unknownStep } from './lint/unknownStep.ts';
import { unreachableStep } from './lint/unreachableStep.ts';
import { unsaidLoss } from './lint/unsaidLoss.ts';
import { parsePlaybook, sortProblems } from './parse.ts';

const rules: readonly LintRule[] = [
	duplicateId,
	unknownStep,
	unknownPlaybook,
	unreachableStep,
	loopWithoutExit,
	expressions,
	scriptNames,
	unreadableScript,
	placeholder,
	understatedRisk,
	unsaidLoss,
	secretInArgv,
	interactive,
	endless,
	mayAsk,
	maskedFailure,
	curlNoFail,
	noTimeout,
	noUndo,
];

/** What lint may know beside the playbook itself. */
export interface LintContext {
	/** All playbooks, by id. Without them a playbook that does not exist goes by unseen. */
	readonly library?: ReadonlyMap<string, Playbook>;
}

/**
 * Everything that lint has to say of a playbook, in the order of the file, format problems included. An `error` keeps it
 * from running.
 */
export const lintText = (text: string, file: string, context: LintContext = {}): readonly PlaybookProblem[] => {
	const { source, problems, problemOf } = parsePlaybook(text, file);
	if (source === undefined) return problems;
	const subject = subjectOf(source, context.library);
	return sortProblems([...problems, ...rules.flatMap((rule) => rule(subject)).map(problemOf)]);
};

/** The same of a playbook that was loaded. */
export const lintPlaybook = (loaded: LoadedPlaybook, context: LintContext = {}): readonly PlaybookProblem[] => lintText(loaded.text, loaded.file, context);
