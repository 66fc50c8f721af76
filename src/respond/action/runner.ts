import type { ActionEnd, ActionRunner, ActionTrace, ResolvedAction, RunningAction } from '../../domain/run/action.ts';
import type { CommandEnd, RunningCommand } from '../../domain/run/execution.ts';
import { secretsOf, specOf, type StartOptions, type SupervisedAction } from './command.ts';
import { commandEnd, notStarted } from './commandEnd.ts';
import { startContainerWork } from './containerWork.ts';
import type { ActionPorts } from './ports.ts';
import { redactor } from './redact.ts';
import { isSafe, startRequest } from './request.ts';
import { traceContainer, traceRollout } from './trace.ts';

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const endedAlready = (end: ActionEnd): RunningAction => ({ ended: Promise.resolve(end), cancel: () => Promise.resolve(end), detach() {} });

/** A command under a supervisor, as an action under way. Its end is read once, whoever asks. */
const watching = (command: RunningCommand, read: (end: CommandEnd) => Promise<ActionEnd>): RunningAction => {
	const ended = command.ended.then(read);
	// A watch that was let go of has nobody to tell.
	ended.catch(() => undefined);
	return {
		ended,
		async cancel() {
			await command.cancel();
			return ended;
		},
		detach: () => command.detach(),
	};
};

/** Carries out actions: commands, database work and moves between versions under a supervisor, requests and acts on the engine in this process. */
export const makeActionRunner = (ports: ActionPorts): ActionRunner => {
	const reader = (action: SupervisedAction, resolved: ResolvedAction, options: Pick<StartOptions, 'folder' | 'timeoutMs'> & { readonly secrets?: readonly string[]; readonly hideOutput?: boolean }) => {
		const all = { folder: options.folder, timeoutMs: options.timeoutMs, secrets: secretsOf(resolved, options.secrets), hideOutput: options.hideOutput ?? false };
		return (end: CommandEnd): Promise<ActionEnd> => commandEnd(action, end, all, ports);
	};

	const startSupervised = async (action: SupervisedAction, resolved: ResolvedAction, options: StartOptions): Promise<RunningAction> => {
		try {
			return watching(await ports.supervisor.start(specOf(action, resolved, options, ports)), reader(action, resolved, options));
		} catch (error) {
			return endedAlready(notStarted(redactor(secretsOf(resolved, options.secrets)).text(wordsOf(error))));
		}
	};

	const traceSupervised = async (action: SupervisedAction, resolved: ResolvedAction, options: Parameters<ActionRunner['trace']>[1]): Promise<ActionTrace> => {
		const evidence = await ports.supervisor.evidence(options.folder);
		const read = reader(action, resolved, options);
		switch (evidence.kind) {
			case 'ended':
				return { kind: 'ended', end: await read(evidence.end) };
			case 'running': {
				const command = await ports.supervisor.attach(options.folder);
				if (command !== undefined) return { kind: 'running', action: watching(command, read) };
				return { kind: 'unknown', evidence: ['it was running a moment ago, and cannot be taken up'] };
			}
			case 'lost':
				return { kind: 'unknown', evidence: [evidence.words, ...evidence.alive.map((each) => `still running: ${each}`)] };
			case 'never':
				return { kind: 'unknown', evidence: ['nothing of it was ever started'] };
		}
	};

	return {
		async start(resolved, options) {
			const { action } = resolved;
			switch (action.kind) {
				case 'command':
				case 'database':
				case 'rollout':
					return startSupervised(action, resolved, options);
				case 'http':
					return startRequest(action, resolved, options, ports);
				case 'container':
					return startContainerWork(action, resolved, options, ports);
			}
		},
		async trace(resolved, options) {
			const { action } = resolved;
			switch (action.kind) {
				case 'command':
				case 'database':
					return traceSupervised(action, resolved, options);
				case 'rollout': {
					const found = await traceSupervised(action, resolved, options);
					return found.kind === 'unknown' ? traceRollout(action, found.evidence, options, ports) : found;
				}
				case 'http':
					return isSafe(action)
						? { kind: 'unknown', evidence: ['the answer was lost with the console; a request that only reads can be repeated'], repeatable: true }
						: { kind: 'unknown', evidence: [`whether ${new URL(action.url).host} received the request and acted on it is not known here`] };
				case 'container':
					return traceContainer(action, options.startedAt, ports);
			}
		},
		warm: () => ports.supervisor.warm(),
		close: () => ports.supervisor.close(),
	};
};
