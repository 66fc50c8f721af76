import { resolve } from 'node:path';
import type { CommandAction, DatabaseAction, RolloutAction } from '../../domain/playbook/step.ts';
import type { ActionPlace, ResolvedAction } from '../../domain/run/action.ts';
import type { CommandSpec } from '../../domain/run/execution.ts';
import { toolVariables, type ToolSpec } from '../../domain/run/tool.ts';
import type { ActionPorts } from './ports.ts';
import { passwordVariable } from './resolveDatabase.ts';
import { containerShell, scriptArgv } from './shell.ts';

/** How an action is carried out. */
export interface StartOptions {
	readonly folder: string;
	readonly timeoutMs: number;
	readonly secrets: readonly string[];
	readonly hideOutput: boolean;
	/** Where it stands in the record. */
	readonly about?: ActionPlace;
}

/** What runs under a supervisor. */
export type SupervisedAction = CommandAction | DatabaseAction | RolloutAction;

/** Bound of the kept output of one execution, bytes. */
export const maxOutputBytes = 64 * 1024 * 1024;
/** A program gets so long between TERM and KILL, ms. */
const commandGraceMs = 5000;
/** A tool has to end what it started elsewhere, inside a container too. */
const toolGraceMs = 15_000;
/** A tool keeps its own time; the supervisor ends it only where it does not. */
const toolMarginMs = 30_000;
/** A move that is called off is taken back first, with the service's own time to stop and to start. */
const rolloutGraceMs = 300_000;

/** All texts that must reach no file. */
export const secretsOf = (resolved: ResolvedAction, secrets: readonly string[] | undefined): readonly string[] =>
	[...new Set([...(secrets ?? []), ...(resolved.secrets ?? [])])].filter((secret) => secret !== '');

const viaTool = (tool: ToolSpec, base: Pick<CommandSpec, 'folder' | 'redact' | 'hideOutput'>, ports: ActionPorts, graceMs: number = toolGraceMs): CommandSpec => ({
	...base,
	argv: ports.tool,
	env: { ...ports.environment, ...ports.toolEnvironment, [toolVariables.spec]: JSON.stringify(tool), [toolVariables.folder]: base.folder },
	workingDir: ports.workingDir,
	timeoutMs: tool.timeoutMs + toolMarginMs,
	graceMs,
	maxOutputBytes,
});

const engineOf = (ports: ActionPorts): Pick<ToolSpec, 'engineAddress' | 'engineContext'> => ({
	engineAddress: ports.engine.target.address,
	...(ports.engineContext === undefined ? {} : { engineContext: ports.engineContext }),
});

const nonEmpty = (argv: readonly string[]): readonly [string, ...string[]] => {
	const [program, ...rest] = argv;
	if (program === undefined) throw new Error('a command without a program');
	return [program, ...rest];
};

const commandSpec = (action: CommandAction, resolved: ResolvedAction, options: StartOptions, ports: ActionPorts): CommandSpec => {
	const base = { folder: options.folder, redact: secretsOf(resolved, options.secrets), hideOutput: options.hideOutput };
	const env = { ...resolved.scriptEnv, ...action.env };
	if (action.inContainer !== undefined) {
		const argv = action.sh === undefined ? (action.run ?? []) : scriptArgv(containerShell, action.sh);
		const folder = action.workingDir === undefined ? {} : { workingDir: action.workingDir };
		return viaTool({ tool: 'exec', ...engineOf(ports), container: action.inContainer, argv: nonEmpty(argv), env, ...folder, timeoutMs: options.timeoutMs }, base, ports);
	}
	return {
		...base,
		argv: action.sh === undefined ? nonEmpty(action.run ?? []) : scriptArgv(ports.shell, action.sh),
		env: { ...ports.environment, ...env },
		workingDir: resolve(ports.workingDir, action.workingDir ?? '.'),
		timeoutMs: options.timeoutMs,
		graceMs: commandGraceMs,
		maxOutputBytes,
	};
};

/** The id of the service that a rollout step is about. While it is half moved nothing may go by its name: then it is the run's own. */
export const movedService = (action: RolloutAction, about: ActionPlace | undefined, ports: ActionPorts): string => ports.rollout?.find(action.service)?.service ?? about?.service ?? action.service;

const rolloutSpec = (action: RolloutAction, options: StartOptions, base: Pick<CommandSpec, 'folder' | 'redact' | 'hideOutput'>, ports: ActionPorts): CommandSpec => {
	const { about, timeoutMs } = options;
	if (ports.rollout === undefined || about === undefined) throw new Error('moves between versions are not possible here: there is no record to write them to');
	const { journal, actor, find } = ports.rollout;
	const { runId, step, execution } = about;
	const service = movedService(action, about, ports);
	const probes = (find(action.service) ?? find(service))?.probes ?? [];
	return viaTool({ tool: 'rollout', action, ...engineOf(ports), timeoutMs, journal, actor, runId, step, execution, service, probes }, base, ports, rolloutGraceMs);
};

/** What the supervisor is to carry out for a command, a database step or a rollout step. @throws Error where there is no record that a move could be written to */
export const specOf = (action: SupervisedAction, resolved: ResolvedAction, options: StartOptions, ports: ActionPorts): CommandSpec => {
	if (action.kind === 'command') return commandSpec(action, resolved, options, ports);
	const base = { folder: options.folder, redact: secretsOf(resolved, options.secrets), hideOutput: options.hideOutput };
	if (action.kind === 'rollout') return rolloutSpec(action, options, base, ports);
	const password = resolved.scriptEnv[passwordVariable];
	return viaTool(
		{ tool: 'database', action, ...(password === undefined ? {} : { password }), ...engineOf(ports), timeoutMs: options.timeoutMs },
		base,
		ports,
	);
};
