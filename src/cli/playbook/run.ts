import { exitCodes } from '../exitCodes.ts';
import { CliFailure } from '../failure.ts';
import type { GlobalOptions } from '../globals.ts';
import { LinearIo } from '../linear/io.ts';
import type { CliContext } from '../ports.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { RunHandle } from '../../domain/run/control.ts';
import { ParamError, readParams } from '../../respond/action/params.ts';
import { UnknownRunError } from '../../respond/run/errors.ts';
import type { Asker } from './driveOptions.ts';
import { drive } from './drive.ts';
import { planLines } from './text.ts';

export interface RunOptions {
	readonly param: readonly string[];
	readonly service?: string;
	readonly dryRun: boolean;
	readonly yes: boolean;
	readonly json: boolean;
}

/** Prefix of environment variables that give secrets to a run without a terminal. */
const secretPrefix = 'SITREP_SECRET_';

/** Parameters as they are given. @throws CliFailure */
export const pairs = (given: readonly string[]): Readonly<Record<string, string>> =>
	Object.fromEntries(
		given.map((each) => {
			const at = each.indexOf('=');
			if (at <= 0) throw new CliFailure(exitCodes.usage, `--param ${sanitiseText(each)}: expected name=value`);
			return [each.slice(0, at), each.slice(at + 1)];
		}),
	);

/** Secrets that the environment gives. */
export const secretsFrom = (env: CliContext['env'], playbook: LoadedPlaybook): Readonly<Record<string, string>> =>
	Object.fromEntries(
		Object.entries(playbook.playbook.params).flatMap(([name, param]) => {
			const value = param.type === 'secret' ? env[`${secretPrefix}${name}`] : undefined;
			return value === undefined ? [] : [[name, value]];
		}),
	);

/** A file, or an id of the library. @throws CliFailure */
export const findPlaybook = async (context: CliContext, word: string): Promise<LoadedPlaybook> => {
	const port = await context.playbooks();
	if (/\.ya?ml$/i.test(word) || word.includes('/')) {
		const { loaded, problems } = await port.readFile(word);
		const errors = problems.filter((problem) => problem.level === 'error');
		if (loaded !== undefined && errors.length === 0) return loaded;
		throw new CliFailure(exitCodes.usage, errors.map((problem) => port.formatProblem(problem)).join('\n'), { advice: `See everything: sitrep playbook lint ${sanitiseText(word)}` });
	}
	const { playbooks } = await port.library();
	const found = playbooks.find(({ playbook }) => playbook.id === word);
	if (found === undefined) throw new CliFailure(exitCodes.unknown, `there is no playbook "${sanitiseText(word)}"`, { advice: 'See those there are: sitrep playbook list' });
	return found;
};

/** Follows a run to its end, as far as it can be followed from here, and says how it ended. @throws CliFailure */
export const follow = async (context: CliContext, handle: RunHandle, options: { readonly yes: boolean; readonly json: boolean; readonly host: string }): Promise<void> => {
	const signal = context.interrupts();
	const write = (line: string): void => void context.stdout.write(`${sanitiseText(line)}\n`);
	const terminal = context.stdin.isTTY && context.stdout.isTTY && !options.json;
	const io = terminal ? new LinearIo(context.stdout, context.stdin, signal) : undefined;
	const asker: Asker | undefined = io === undefined ? undefined : { ask: (question) => io.ask(question), askSecret: (question) => context.stdin.askSecret(question, context.stdout) };
	const end = await drive(handle, {
		...(asker === undefined ? {} : { asker }),
		yes: options.yes,
		host: options.host,
		print: options.json ? () => undefined : write,
		...(options.json ? { json: (record) => void context.stdout.write(`${JSON.stringify(record)}\n`) } : {}),
		signal,
	});
	const { state } = handle;
	if (options.json) context.stdout.write(`${JSON.stringify({ kind: 'run', runId: handle.id, playbook: state.playbook.id, end: end.kind, outcome: state.outcome ?? null, words: state.words ?? null })}\n`);
	switch (end.kind) {
		case 'over':
			if (!options.json) write(`${state.outcome ?? ''}: ${state.words ?? ''}`);
			context.exit(state.outcome === 'succeeded' ? exitCodes.ok : exitCodes.failure);
			return;
		case 'needs-terminal':
			throw new CliFailure(exitCodes.noTerminal, end.why, { advice: `The run waits: sitrep playbook resume ${handle.id}` });
		case 'left':
			context.stderr.write(`sitrep: the run is not over. Come back to it: sitrep playbook resume ${handle.id}\n`);
			context.exit(exitCodes.interrupted);
	}
};

/** What was given on the command line is what is wrong, where a parameter cannot be used. @throws CliFailure */
const usable = async <T>(work: () => T | Promise<T>): Promise<T> => {
	try {
		return await work();
	} catch (error) {
		if (error instanceof ParamError) throw new CliFailure(exitCodes.usage, sanitiseText(error.message), { advice: sanitiseText(error.advice) });
		throw error;
	}
};

/** Opens the run that was named. @throws CliFailure of its own code where there is none */
const known = async <T>(opening: Promise<T>): Promise<T> => {
	try {
		return await opening;
	} catch (error) {
		if (error instanceof UnknownRunError) throw new CliFailure(exitCodes.unknown, sanitiseText(error.message), { advice: error.advice });
		throw error;
	}
};

/** For a dry run, which goes without what is missing: what was given has to be right all the same. @throws ParamError */
const refuseGiven = ({ playbook }: LoadedPlaybook, given: Readonly<Record<string, string>>): void => {
	try {
		readParams(playbook.params, given);
	} catch (error) {
		if (!(error instanceof ParamError)) throw error;
		const wrong = error.problems.filter(({ name }) => Object.hasOwn(given, name));
		if (wrong.length > 0) throw new ParamError(wrong);
	}
};

/** `sitrep playbook run`. */
export const runPlaybook = async (context: CliContext, globals: GlobalOptions, word: string, options: RunOptions): Promise<void> => {
	if (globals.readOnly && !options.dryRun) throw new CliFailure(exitCodes.failure, 'a playbook may change something, and --read-only was given', { advice: 'Look at it with --dry-run.' });
	const loaded = await findPlaybook(context, word);
	const given = pairs(options.param);
	const responding = await (await context.playbooks()).responding(globals);
	try {
		const named = options.service ?? Object.entries(loaded.playbook.params).flatMap(([name, param]) => (param.type === 'container' || param.type === 'service' ? [given[name] ?? (param.default === undefined ? undefined : String(param.default))] : []))[0];
		const about = named === undefined ? undefined : await responding.about(named, loaded);
		if (options.service !== undefined && about === undefined) throw new CliFailure(exitCodes.unknown, `there is no service "${sanitiseText(options.service)}"`, { advice: 'See those there are: sitrep status' });
		const request = { playbook: loaded, params: { ...about?.values, ...given }, secrets: secretsFrom(context.env, loaded), ...(about === undefined ? {} : { service: about.service }), dryRun: options.dryRun };
		if (options.dryRun) {
			await usable(() => refuseGiven(loaded, given));
			const steps = responding.responder.resolve(request);
			if (options.json) for (const step of steps) context.stdout.write(`${JSON.stringify({ ...step, step: step.id })}\n`);
			else for (const line of planLines(loaded, steps)) context.stdout.write(`${sanitiseText(line)}\n`);
			return;
		}
		const handle = await usable(() => responding.responder.start(request));
		if (!options.json) context.stdout.write(`run ${handle.id}: ${sanitiseText(loaded.playbook.title)} on ${sanitiseText(responding.hostWords)}\n`);
		await follow(context, handle, { ...options, host: responding.hostWords });
	} finally {
		await responding.close();
	}
};

/** `sitrep playbook resume`. */
export const resumePlaybook = async (context: CliContext, globals: GlobalOptions, runId: string, options: { readonly yes: boolean; readonly json: boolean; readonly takeOver: boolean }): Promise<void> => {
	if (globals.readOnly) throw new CliFailure(exitCodes.failure, 'a run may change something, and --read-only was given');
	const responding = await (await context.playbooks()).responding(globals);
	try {
		const handle = await known(responding.responder.open(runId, { act: true }));
		if (handle.role === 'watching' && handle.state.endedAt === undefined) {
			if (!options.takeOver) {
				const who = handle.holder?.holder;
				throw new CliFailure(exitCodes.failure, `${who === undefined ? 'another console' : `${who.person ?? who.user} on ${who.host}`} carries this run out`, { advice: `Ask them, then take it over: sitrep playbook resume ${sanitiseText(runId)} --take-over` });
			}
			const refusal = await handle.takeOver(true);
			if (refusal !== undefined) throw new CliFailure(exitCodes.failure, refusal.refused, refusal.advice === undefined ? {} : { advice: refusal.advice });
		}
		await follow(context, handle, { ...options, host: responding.hostWords });
	} finally {
		await responding.close();
	}
};

/** `sitrep playbook abandon`: ends a run that nobody carries out, so that its service is free again. */
export const abandonRun = async (context: CliContext, globals: GlobalOptions, runId: string, why: string): Promise<void> => {
	if (globals.readOnly) throw new CliFailure(exitCodes.failure, 'the record would be changed, and --read-only was given');
	const witness = await (await context.playbooks()).witness();
	try {
		const handle = await known(witness.open(runId));
		const refusal = await handle.command({ kind: 'abandon', why });
		if (refusal !== undefined) throw new CliFailure(exitCodes.failure, refusal.refused, refusal.advice === undefined ? {} : { advice: refusal.advice });
		context.stdout.write(`abandoned: ${sanitiseText(handle.state.playbook.title)} (${handle.id}). Nothing was taken back.\n`);
	} finally {
		await witness.close();
	}
};

/** `sitrep playbook approve`: a second person's word. */
export const approveRun = async (context: CliContext, globals: GlobalOptions, runId: string, options: { readonly as?: string; readonly refuse: boolean; readonly note?: string }): Promise<void> => {
	if (globals.readOnly) throw new CliFailure(exitCodes.failure, 'the record would be changed, and --read-only was given');
	const witness = await (await context.playbooks()).witness();
	try {
		const handle = await known(witness.open(runId));
		const { waiting } = handle;
		if (waiting?.kind !== 'approval') throw new CliFailure(exitCodes.failure, 'this run waits for no approval now');
		const refusal = await handle.command({ kind: 'approve', step: waiting.step, granted: !options.refuse, ...(options.as === undefined ? {} : { person: options.as }), ...(options.note === undefined ? {} : { note: options.note }) });
		if (refusal !== undefined) throw new CliFailure(exitCodes.failure, refusal.refused, refusal.advice === undefined ? {} : { advice: refusal.advice });
		context.stdout.write(`${options.refuse ? 'refused' : 'approved'}: ${sanitiseText(waiting.of)}\n`);
	} finally {
		await witness.close();
	}
};
