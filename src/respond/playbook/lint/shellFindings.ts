import type { ShellFinding, ShellFindingKind } from '../../shell/types.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import type { ActionAt, LintRule } from './subject.ts';
import { complain } from './subject.ts';

/** Complaints of one kind of finding in the scripts and commands of a playbook. */
const rule =
	(kinds: Readonly<Partial<Record<ShellFindingKind, string>>>, level: PlaybookComplaint['level'], minds: (at: ActionAt, finding: ShellFinding) => boolean = () => true): LintRule =>
	({ actions }) =>
		actions.flatMap((at) =>
			(at.shell?.findings ?? []).flatMap((finding) => {
				const id = kinds[finding.kind];
				if (id === undefined || !minds(at, finding)) return [];
				return [complain(id, level)(at.shellPath, finding.message, finding.wayOut, at.action.sh === undefined ? {} : { offset: finding.start })];
			}),
		);

/** A failure that nobody sees. */
export const maskedFailure = rule({ 'masked-failure': 'masked-failure' }, 'warning');

/** curl without -f, where no `expect` judges what comes back. */
export const curlNoFail = rule({ 'curl-no-fail': 'curl-no-fail' }, 'warning', (at) => at.undo || at.of.step.expect === undefined);

/** A command that waits for a person, where there is no terminal. */
export const interactive = rule({ interactive: 'interactive' }, 'error');

/** A command that may ask for something. */
export const mayAsk = rule({ 'may-ask': 'may-ask' }, 'warning');

/** A command that does not end. */
export const endless = rule({ endless: 'endless' }, 'error');

/** What the importer, or a person, has left to be filled in. */
export const placeholder = rule({ placeholder: 'placeholder' }, 'error');

/** A script that the shell cannot read. */
export const unreadableScript = rule({ syntax: 'script-syntax', heredoc: 'script-syntax' }, 'error');
