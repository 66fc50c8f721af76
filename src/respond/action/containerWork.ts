import { suggest } from '../../config/suggest.ts';
import type { ContainerDetail, ContainerSummary } from '../../domain/container.ts';
import { type CallOptions, type Engine, EngineError } from '../../domain/engine.ts';
import type { ContainerAction } from '../../domain/playbook/step.ts';
import type { ResolvedAction, RunningAction } from '../../domain/run/action.ts';
import { secretsOf, type StartOptions } from './command.ts';
import { collectLogs } from './collectLogs.ts';
import { startWork, type WorkEnd } from './inProcess.ts';
import type { ActionPorts } from './ports.ts';
import { redactor } from './redact.ts';
import { defaultGraceSeconds } from './resolve.ts';

/** The engine's own deadline stands behind the step's, so that it is the step's that counts, ms. */
const callMarginMs = 1000;

/** Whether an act only looks. */
export const onlyLooks = (action: ContainerAction): boolean => action.action === 'inspect' || action.action === 'logs';

type Detailed = ContainerSummary & { readonly detail: ContainerDetail };

/** A container by its name or its whole id. @throws EngineError in words, where there is none */
export const findContainer = async (engine: Engine, name: string, options: CallOptions): Promise<ContainerSummary> => {
	const all = await engine.list(options);
	const found = all.find((each) => each.name === name) ?? all.find((each) => each.id === name);
	if (found !== undefined) return found;
	const meant = suggest(name, all.map((each) => each.name));
	throw new EngineError('not-found', `there is no container ${name}`, { advice: meant === undefined ? 'Look at the names of the containers that are there.' : `Did you mean ${meant}?` });
};

const act = (engine: Engine, id: string, action: ContainerAction, options: CallOptions): Promise<void> => {
	const grace = action.graceSeconds ?? defaultGraceSeconds;
	switch (action.action) {
		case 'start':
			return engine.start(id, options);
		case 'stop':
			return engine.stop(id, grace, options);
		case 'restart':
			return engine.restart(id, grace, options);
		case 'pause':
			return engine.pause(id, options);
		case 'unpause':
			return engine.unpause(id, options);
		case 'kill':
			return engine.kill(id, action.signal ?? 'SIGKILL', options);
		case 'inspect':
		case 'logs':
			return Promise.resolve();
	}
};

/** A container as expressions see it: the summary and the detail side by side, `state`, `running`, `oomKilled`, `health`, `exitCode` … */
export const containerResult = ({ detail, ...summary }: Detailed): Readonly<Record<string, unknown>> => {
	const all = { ...summary, ...detail, running: summary.state === 'running' };
	return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

/** `running, healthy`; `exited 137, killed for memory`. */
export const stateWords = (container: ContainerSummary): string => {
	const { state, health, exitCode, detail } = container;
	const oom = detail?.oomKilled === true ? ', killed for memory' : '';
	if (state === 'exited' || state === 'dead') return `${state}${exitCode === undefined ? '' : ` ${exitCode}`}${oom}`;
	return health === 'none' ? state : `${state}, ${health}`;
};

const pastTense = { start: 'started', stop: 'stopped', restart: 'restarted', pause: 'paused', unpause: 'unpaused', kill: 'killed' } as const;

/** What the act came to, judged by the container's state after it: an engine's yes is not enough. */
const afterAct = (action: ContainerAction, after: Detailed | undefined): Omit<WorkEnd, 'result'> => {
	if (action.action === 'inspect' || action.action === 'logs') return { outcome: 'done', words: after === undefined ? 'it is gone' : stateWords(after) };
	const did = action.action === 'kill' ? `${action.signal ?? 'SIGKILL'} sent` : pastTense[action.action];
	if (after === undefined) return { outcome: action.action === 'stop' || action.action === 'kill' ? 'done' : 'failed', words: `${did}, and removed: it was started with --rm` };
	const said = after.detail.error === undefined || after.detail.error === '' ? '' : `: ${after.detail.error}`;
	const unlike = (): Omit<WorkEnd, 'result'> => ({ outcome: 'failed', words: `${did}, but it is ${stateWords(after)}${said}` });
	switch (action.action) {
		case 'start':
		case 'restart':
			// A container that does its work and ends with 0 has done what it should.
			return after.state === 'running' || (after.state === 'exited' && after.exitCode === 0) ? { outcome: 'done', words: after.state === 'running' ? did : `${did}, and ended with 0` } : unlike();
		case 'stop':
			return after.state === 'exited' || after.state === 'dead' || after.state === 'created' ? { outcome: 'done', words: did } : unlike();
		case 'pause':
			return after.state === 'paused' ? { outcome: 'done', words: did } : unlike();
		case 'unpause':
			return after.state === 'paused' ? unlike() : { outcome: 'done', words: did };
		case 'kill':
			return { outcome: 'done', words: did };
	}
};

export const engineWords = (error: unknown): string => {
	if (error instanceof EngineError) return error.advice === undefined ? error.message : `${error.message}. ${error.advice}`;
	return error instanceof Error ? error.message : String(error);
};

/** Asks the engine to do something to a container, and looks at it afterwards. */
export const startContainerWork = (action: ContainerAction, resolved: ResolvedAction, options: StartOptions, ports: ActionPorts): RunningAction => {
	const { engine, clock } = ports;
	const secrets = secretsOf(resolved, options.secrets);
	const redact = redactor(secrets);
	const run = async (signal: AbortSignal): Promise<WorkEnd> => {
		const call = { signal, timeoutMs: options.timeoutMs + callMarginMs };
		const container = await findContainer(engine, action.name, call);
		if (action.action === 'logs') {
			const logs = await collectLogs(action, container, signal, ports);
			const output = await ports.files.keep(options.folder, logs.output, { secrets, hide: options.hideOutput });
			return { outcome: logs.outcome, words: redact.text(logs.words), output, result: redact.record(logs.result) };
		}
		await act(engine, container.id, action, call);
		const after = await engine.inspect(container.id, call);
		return { ...afterAct(action, after), result: redact.record(after === undefined ? { name: container.name, id: container.id, running: false } : containerResult(after)) };
	};
	return startWork(
		{
			timeoutMs: options.timeoutMs,
			afterwards: onlyLooks(action) ? '' : '; the engine may still carry it out',
			run,
			failure: (error) => ({ outcome: 'failed', words: redact.text(engineWords(error)), result: {} }),
		},
		clock,
	);
};
