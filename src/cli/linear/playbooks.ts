import type { PlaybookKind } from '../../domain/playbook/playbook.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import type { RunHandle } from '../../domain/run/control.ts';
import type { GlobalOptions } from '../globals.ts';
import { drive } from '../playbook/drive.ts';
import type { PlaybookPort } from '../playbook/port.ts';
import { planLines } from '../playbook/text.ts';
import type { CliContext } from '../ports.ts';
import type { LinearIo } from './io.ts';
import { type MenuEntry, runMenu, type Way } from './menu.ts';

export interface PlaybookSetting {
	readonly context: CliContext;
	readonly globals: GlobalOptions;
	readonly io: LinearIo;
	readonly signal: AbortSignal;
}

type Fit = Awaited<ReturnType<PlaybookPort['fits']>>[number];

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Follows a run in the session until it is over, or left. */
const follow = async ({ context, io, signal }: PlaybookSetting, handle: RunHandle, host: string): Promise<void> => {
	const end = await drive(handle, {
		asker: { ask: (question) => io.ask(question), askSecret: (question) => context.stdin.askSecret(question, context.stdout) },
		yes: false,
		host,
		print: (line) => io.print(line),
		signal,
	});
	if (end.kind === 'over') io.print(`The run is over: ${handle.state.outcome ?? ''}. ${handle.state.words ?? ''}`);
	else io.print(`The run is not over. Come back to it here, or with: sitrep playbook resume ${handle.id}`);
};

/** Asks for what the playbook wants to know. @returns undefined at EOF */
const askParams = async (io: LinearIo, fit: Fit): Promise<Readonly<Record<string, string>> | undefined> => {
	const values: Record<string, string> = {};
	for (const [name, param] of Object.entries(fit.loaded.playbook.params)) {
		// A secret is asked for by the run itself, without echo.
		if (param.type === 'secret') continue;
		const preset = fit.values[name] ?? (param.default === undefined ? '' : String(param.default));
		const answer = await io.ask(`${param.title ?? name}${preset === '' ? (param.optional ? ' (may stay empty)' : '') : ` (Enter takes ${preset})`}:`);
		if (answer === undefined) return undefined;
		values[name] = answer === '' ? preset : answer;
	}
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
};

const start = async (setting: PlaybookSetting, port: PlaybookPort, service: string, fit: Fit, dryRun: boolean): Promise<Way> => {
	const { io, globals } = setting;
	const responding = await port.responding(globals);
	try {
		const about = await responding.about(service, fit.loaded);
		const params = await askParams(io, about === undefined ? fit : { ...fit, values: about.values });
		if (params === undefined) return 'quit';
		const request = { playbook: fit.loaded, params, secrets: {}, service, dryRun };
		if (dryRun) for (const line of planLines(fit.loaded, responding.responder.resolve(request))) io.print(line);
		else await follow(setting, await responding.responder.start(request), responding.hostWords);
	} catch (error) {
		io.print(`Not started: ${wordsOf(error)}`);
	} finally {
		await responding.close();
	}
	return 'back';
};

const resume = async (setting: PlaybookSetting, port: PlaybookPort, runId: string): Promise<Way> => {
	const responding = await port.responding(setting.globals);
	try {
		await follow(setting, await responding.responder.open(runId, { act: true }), responding.hostWords);
	} catch (error) {
		setting.io.print(`Not opened: ${wordsOf(error)}`);
	} finally {
		await responding.close();
	}
	return 'back';
};

/** The playbooks that fit a service, as a menu. @param only of this kind alone */
export const playbooksMenu = async (setting: PlaybookSetting, status: ServiceStatus, only?: PlaybookKind): Promise<Way> => {
	const { io, globals, context } = setting;
	if (globals.readOnly) {
		io.print('This session is read-only: no playbook runs from it.');
		return 'stay';
	}
	const port = await context.playbooks();
	const fits = (await port.fits(status)).filter(({ loaded }) => only === undefined || loaded.playbook.kind === only);
	const { id } = status.service;
	return runMenu(io, () => ({
		heading: [fits.length === 0 ? `No playbook fits ${id}.` : `Playbooks for ${id}:`],
		entries: fits.map((fit): MenuEntry => ({
			title: `${fit.loaded.playbook.title} (${fit.why})`,
			...(fit.loaded.playbook.draft ? { disabled: 'a draft that nobody has reviewed' } : {}),
			run: () =>
				runMenu(io, () => ({
					heading: [fit.loaded.playbook.title, ...(fit.loaded.playbook.summary === undefined ? [] : [fit.loaded.playbook.summary])],
					entries: [
						{ title: 'run it; each change asks first', run: () => start(setting, port, id, fit, false) },
						{ title: 'show every step, and do nothing', run: () => start(setting, port, id, fit, true) },
					],
				})),
		})),
	}));
};

/** Runs that are not over, as a menu. */
export const unfinishedMenu = async (setting: PlaybookSetting): Promise<Way> => {
	const { io, context } = setting;
	const [port, journal] = await Promise.all([context.playbooks(), context.journal()]);
	const runs = await journal.runs({ unfinished: true, limit: 50 }).catch(() => []);
	return runMenu(io, () => ({
		heading: [runs.length === 0 ? 'No run waits.' : 'Runs that are not over:'],
		entries: runs.map((run): MenuEntry => ({ title: `${run.title}${run.service === undefined ? '' : ` on ${run.service}`}, started by ${run.startedBy.person ?? run.startedBy.user}`, run: () => resume(setting, port, run.runId) })),
	}));
};
