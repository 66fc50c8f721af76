import type { JournalEvent, NewJournalEvent } from '../../domain/journal.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { PlaybookProblem } from '../../domain/playbook/problem.ts';
import type { Responder, RunHandle } from '../../domain/run/control.ts';
import type { GlobalOptions } from '../globals.ts';

/** What imports a Markdown runbook. */
export interface ImportReport {
	/** Files to be written, by their name within the pack. */
	readonly files: readonly { readonly name: string; readonly text: string }[];
	/** What became of the document, one line each. */
	readonly lines: readonly string[];
}

/** Playbooks, and what runs them. */
export interface PlaybookPort {
	/** All that are found: shipped, and the user's own. */
	library(): Promise<{ readonly playbooks: readonly LoadedPlaybook[]; readonly problems: readonly PlaybookProblem[] }>;
	/** One file, read and linted; `loaded` is absent where it does not meet the format. */
	readFile(path: string): Promise<{ readonly loaded?: LoadedPlaybook; readonly problems: readonly PlaybookProblem[] }>;
	/** Lint of playbooks that were loaded. */
	lint(loaded: LoadedPlaybook): Promise<readonly PlaybookProblem[]>;
	formatProblem(problem: PlaybookProblem): string;
	/** The JSON Schema of the format, as text. */
	schema(): Promise<string>;
	import(path: string, pack: string): Promise<ImportReport>;
	/** Writes a new file, with its folder; rejects with code EEXIST where it exists. @returns its path */
	write(folder: string, name: string, text: string): Promise<string>;
	/** Marks a draft as reviewed by this person: `draft` goes, and who reviewed it is written into the file. @returns its new text */
	review(path: string): Promise<string>;
	/** Playbooks that fit a service, those whose triggers fire first, with the values it gives to them. */
	fits(status: ServiceStatus): Promise<readonly { readonly loaded: LoadedPlaybook; readonly why: string; readonly values: Readonly<Record<string, string>> }[]>;
	/** Records an act: durable when it resolves. @throws JournalError */
	record(event: NewJournalEvent['event']): Promise<JournalEvent>;
	/** Where a user's own playbooks stand. */
	readonly ownFolder: string;
	/** Looks at runs and answers for them; carries nothing out, and needs no engine. */
	witness(): Promise<{ open(runId: string): Promise<RunHandle>; close(): Promise<void> }>;
	/** Runs playbooks on an engine. */
	responding(globals: GlobalOptions): Promise<{
		readonly responder: Responder;
		/** Service that a container or service name leads to, and values it gives to a playbook's parameters. */
		about(service: string, loaded: LoadedPlaybook): Promise<{ readonly service: string; readonly values: Readonly<Record<string, string>> } | undefined>;
		/** Playbooks that fit a service, by its name or a container's, the most fitting first; absent where there is no such service. */
		fits(service: string): Promise<{ readonly service: string; readonly fits: readonly { readonly loaded: LoadedPlaybook; readonly values: Readonly<Record<string, string>> }[] } | undefined>;
		/**
		 * Works a move out and changes nothing: what there is to go to, and the plan.
		 * @param to version; empty: the last good one @returns whether it could be carried out
		 */
		previewMove(service: string, to: string, print: (line: string) => void): Promise<boolean>;
		readonly hostWords: string;
		close(): Promise<void>;
	}>;
}
