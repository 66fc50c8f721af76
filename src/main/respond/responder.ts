import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Actor, Journal } from '../../domain/journal.ts';
import type { Engine, EngineInfo, EngineTarget } from '../../domain/engine.ts';
import type { Service } from '../../domain/service.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { Responder } from '../../domain/run/control.ts';
import { systemClock } from '../../domain/systemClock.ts';
import { actorOf } from '../../record/session.ts';
import { openJournal } from '../../record/journal.ts';
import { executionFiles } from '../../respond/action/executionFiles.ts';
import { makeActionRunner } from '../../respond/action/runner.ts';
import type { Facts } from '../../respond/action/scope.ts';
import { findShell } from '../../respond/action/shell.ts';
import { lintPlaybook } from '../../respond/playbook/lint.ts';
import { loadPlaybook, formatPlaybookProblem } from '../../respond/playbook/load.ts';
import { createCommandSupervisor } from '../../respond/process/commandSupervisor.ts';
import { followOutput } from '../../respond/process/output.ts';
import { RunError } from '../../respond/run/errors.ts';
import { makeResponder } from '../../respond/run/responder.ts';
import { prefillFrom, serviceFor } from './prefill.ts';
import { stateFolder } from './stateFolder.ts';

/** A run's id: short enough to type, `r-3f9a1c27`. */
const newId = (): string => `r-${randomUUID().slice(0, 8)}`;

const toolProgram = (): string => fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../stepTool.ts' : './stepTool.js', import.meta.url));

/** Every command on this machine talks to the engine the console shows, and to no other. */
const environmentFor = ({ address, context }: EngineTarget): Readonly<Record<string, string>> => {
	// BASH_ENV and ENV name files that a shell would read before a step's own script.
	const { DOCKER_CONTEXT: _context, DOCKER_HOST: _host, BASH_ENV: _bash, ENV: _env, ...rest } = process.env;
	const kept = Object.entries(rest).flatMap(([name, value]) => (value === undefined || name.startsWith('SITREP_') ? [] : [[name, value] as const]));
	return { ...Object.fromEntries(kept), ...(context === undefined ? { DOCKER_HOST: address } : { DOCKER_CONTEXT: context }) };
};

/** Our own programs find their code compiled where ours is; it lies in a folder for each version of Node. */
const toolEnvironment = (): Readonly<Record<string, string>> => {
	const compiled = getCompileCacheDir();
	return compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) };
};

/** Memory rather than disk: the disk may be what is full. */
const spareParent = (): string => [process.env['XDG_RUNTIME_DIR'], '/dev/shm'].find((each) => each !== undefined && existsSync(each)) ?? tmpdir();

/** What runs and records playbooks here. */
export interface Responding {
	readonly responder: Responder;
	readonly journal: Journal;
	readonly actor: Actor;
	/**
	 * Works a move out and changes nothing: what there is to go to, and the plan.
	 * @param to version; empty: the last good one
	 * @returns whether it could be carried out
	 */
	previewMove(service: string, to: string, print: (line: string) => void): Promise<boolean>;
	close(): Promise<void>;
}

/**
 * Puts together what runs and records playbooks.
 * @param about the engine as its record names it; absent where it has not answered
 */
export const openResponding = async (parts: {
	readonly engine: Engine;
	readonly about: EngineInfo | undefined;
	/** Playbooks by id; may be filled later. */
	readonly playbooks: ReadonlyMap<string, LoadedPlaybook>;
	readonly facts: (service: string | undefined) => Facts;
	readonly person?: string;
	/** Nothing is recorded, and no file of ours is made. */
	readonly readOnly?: boolean;
	/** Those that are there now. */
	readonly services?: () => readonly Service[];
	/** Probes of a service, as they stand in sitrep.yaml. */
	readonly probesOf?: (service: Service) => readonly Readonly<Record<string, unknown>>[];
	/** Values of parameters that were set up for a service, by name. */
	readonly paramsOf?: (service: Service) => Readonly<Record<string, string>>;
}): Promise<Responding> => {
	const { engine } = parts;
	const folder = stateFolder();
	const { readOnly = false } = parts;
	try {
		if (!readOnly) mkdirSync(folder, { recursive: true, mode: 0o700 });
	} catch {
		// The journal says what is wrong with it, where it matters: before a change.
	}
	let spare: string | undefined;
	const spareFolder = (): string => (spare ??= mkdtempSync(join(spareParent(), 'sitrep-')));
	const journal = await openJournal(join(folder, 'journal.db'), { readOnly });
	const supervisor = createCommandSupervisor();
	const actor = actorOf(parts.person === undefined ? {} : { person: parts.person });
	const { target } = engine;
	const services = (): readonly Service[] => parts.services?.() ?? [];
	const find = (name: string): { readonly service: string; readonly probes: readonly Readonly<Record<string, unknown>>[] } | undefined => {
		const service = serviceFor(services(), name);
		return service && { service: service.id, probes: parts.probesOf?.(service) ?? [] };
	};
	const actions = makeActionRunner({
		supervisor,
		engine,
		tool: [process.execPath, toolProgram()],
		environment: environmentFor(target),
		toolEnvironment: toolEnvironment(),
		...(target.context === undefined ? {} : { engineContext: target.context }),
		workingDir: process.cwd(),
		shell: findShell(process.env['PATH']),
		files: executionFiles(() => systemClock.now()),
		clock: systemClock,
		fetch,
		rollout: {
			journal: journal.path,
			actor,
			find,
			moves: (service) => journal.rollouts({ service, engine: target.address }),
			...(engine.rollout === undefined ? {} : { engine: engine.rollout }),
		},
	});
	const responder = makeResponder({
		journal,
		actions,
		facts: parts.facts,
		clock: systemClock,
		random: Math.random,
		newId,
		findPlaybook: (id) => parts.playbooks.get(id),
		prefill: prefillFrom(services, parts.paramsOf),
		parse(text, file) {
			const { loaded, problems } = loadPlaybook(text, file, '');
			if (loaded === undefined) throw new Error(problems.map(formatPlaybookProblem).join('\n'));
			return loaded.playbook;
		},
		stateFolder: folder,
		spareFolder,
		openOutput: (at) => followOutput(at),
		removeFolder: (at) => void rm(at, { recursive: true, force: true }),
		engine: { name: target.name, address: target.address, hostName: parts.about?.hostName ?? target.name },
		actor,
	});
	return {
		responder: {
			actor,
			start(request) {
				// A playbook with an error never runs: its risks cannot be trusted.
				const library = new Map([...parts.playbooks].map(([id, { playbook }]) => [id, playbook]));
				const errors = lintPlaybook(request.playbook, { library }).filter((problem) => problem.level === 'error');
				if (errors.length > 0) return Promise.reject(new RunError(errors.map(formatPlaybookProblem).join('; '), `sitrep playbook lint ${request.playbook.file}`));
				return responder.start(request);
			},
			open: (runId, options) => responder.open(runId, options),
			unfinished: () => responder.unfinished(),
			resolve: (request) => responder.resolve(request),
			close: () => responder.close(),
		},
		journal,
		actor,
		async previewMove(service, to, print) {
			const { previewMove } = await import('../rolloutTool.ts');
			return previewMove({ engine, journal, actor, service: find(service)?.service ?? service, to }, print);
		},
		async close() {
			await responder.close();
			actions.close();
			supervisor.close();
			await journal.close();
			if (spare !== undefined) rmSync(spare, { recursive: true, force: true });
		},
	};
};
