import process from 'node:process';
import { type Engine, EngineError, type ExecRequest, type ExecResult } from '../domain/engine.ts';
import type { Actor, Journal } from '../domain/journal.ts';
import type { Probe } from '../domain/probe.ts';
import { systemClock } from '../domain/systemClock.ts';
import { openJournal } from '../record/journal.ts';
import { sessionOf } from '../record/session.ts';
import type { RolloutSpec, RolloutToolPorts } from '../respond/rollout/ports.ts';
import { runRolloutTool } from '../respond/rollout/tool.ts';
import { execCodes } from '../respond/tool/exec.ts';

/** What is only shown must not keep anybody waiting, ms. */
const previewMs = 60_000;

/** The probes of sitrep.yaml, made from their settings. Loaded only where they have the last word on a new version. */
const makeProbes = async (service: string, settings: RolloutSpec['probes'], exec: (request: ExecRequest) => Promise<ExecResult>): Promise<readonly Probe[]> => {
	const [{ probeSchema }, { ProbeSet }] = await Promise.all([import('../config/probeSchema.ts'), import('../observe/probes/create.ts')]);
	const probes = settings.map((setting) => probeSchema.parse(setting));
	const set = new ProbeSet({ schemaVersion: 1, services: { [service]: { container: service, probes } } }, { clock: systemClock, environment: process.env, exec: (_service, request) => exec(request) });
	return set.probesFor([]);
};

/** Loaded only where an address is watched: an HTTP client costs the start of every step. */
const request: RolloutToolPorts['request'] = async (url, timeoutMs) => (await import('../respond/rollout/askOnce.ts')).askOnce(url, timeoutMs);

/** What rollout steps need of an engine. @throws EngineError where it moves nothing */
const rolloutOf = (engine: Engine): NonNullable<Engine['rollout']> => {
	if (engine.rollout === undefined) throw new EngineError('unsupported', `${engine.target.name} is an engine that moves nothing between versions`);
	return engine.rollout;
};

/** Shows what a move would be, within the console's own process. Changes nothing. @returns whether it could be carried out */
export const previewMove = async (
	about: { readonly engine: Engine; readonly journal: Journal; readonly actor: Actor; readonly service: string; readonly to: string },
	print: (line: string) => void,
): Promise<boolean> => {
	const { engine, journal, actor, service, to } = about;
	const ports: RolloutToolPorts = { rollout: rolloutOf(engine), engine, journal, clock: systemClock, print, signal: AbortSignal.timeout(previewMs), makeProbes, request, self: actor };
	const spec = (action: 'versions' | 'plan'): RolloutSpec => ({
		tool: 'rollout',
		action: { kind: 'rollout', action, service, ...(action === 'plan' ? { to } : {}) },
		engineAddress: engine.target.address,
		timeoutMs: previewMs,
		journal: journal.path,
		actor,
		runId: '',
		step: action,
		execution: action,
		service,
		probes: [],
	});
	const versions = await runRolloutTool(spec('versions'), ports);
	return versions.ok && (await runRolloutTool(spec('plan'), ports)).ok;
};

/**
 * Carries out a rollout step in this process.
 * @returns the code to exit with: 0 where it did what it should, 143 where it was called off, 124 where its time was up, else 1
 */
export const runRollouts = async (spec: RolloutSpec, open: () => Promise<Engine>, print: (line: string) => void, cancel: AbortSignal): Promise<{ readonly code: number; readonly value: unknown }> => {
	const late = AbortSignal.timeout(spec.timeoutMs);
	const signal = AbortSignal.any([cancel, late]);
	const [engine, journal] = await Promise.all([open(), openJournal(spec.journal)]);
	const ports: RolloutToolPorts = {
		rollout: rolloutOf(engine),
		engine,
		journal,
		clock: systemClock,
		print,
		signal,
		makeProbes,
		request,
		self: { ...spec.actor, session: sessionOf() },
	};
	try {
		const { ok, value } = await runRolloutTool(spec, ports);
		return { code: ok ? 0 : cancel.aborted ? execCodes.cancelled : late.aborted ? execCodes.timedOut : 1, value };
	} finally {
		await journal.close();
	}
};
