import type { PlaybookKind } from '../../domain/playbook/playbook.ts';
import type { Service } from '../../domain/service.ts';
import type { ServiceStatus, Situation } from '../../domain/situation.ts';
import { exitCodes } from '../exitCodes.ts';
import type { GlobalOptions } from '../globals.ts';
import type { CliContext, Watching } from '../ports.ts';
import { clockTime } from '../clockTime.ts';
import { actionEntries } from './actions.ts';
import { changeLines } from './changes.ts';
import { LinearIo } from './io.ts';
import { logsMenu } from './logs.ts';
import { type MenuEntry, runMenu, type Way } from './menu.ts';
import { type PlaybookSetting, playbooksMenu, unfinishedMenu } from './playbooks.ts';
import type { PlaybookPort } from '../playbook/port.ts';
import { worstFirst } from '../status/summary.ts';
import { healthLines, isTroubled, metricLines, serviceLine, situationLines } from './words.ts';

/** The first report waits so long for readings, ms: before they come nothing can be called well. */
const firstReportMs = 2000;
/** Until the first readings of all services have come, ms. */
const settlingMs = 10_000;

/**
 * An append-only session with numbered menus, for screen readers, dumb terminals and pipes: the same powers as the
 * console. Changes are announced as they come. Ends at q or EOF. @returns the exit code
 */
export const runLinear = async (context: CliContext, globals: GlobalOptions): Promise<number> => {
	const signal = AbortSignal.any([context.interrupts(), context.stdout.gone]);
	const io = new LinearIo(context.stdout, context.stdin, signal);
	const engine = await context.engine(globals);
	let situation: Situation | undefined;
	const first = Promise.withResolvers<void>();
	const began = context.clock.now();
	let reported = false;
	let patient = true;
	const cancel = context.clock.after(firstReportMs, () => {
		patient = false;
		if (situation !== undefined) first.resolve();
	});
	const watching: Watching = await context.watch(globals, {
		situation: (next) => {
			if (reported && situation !== undefined) for (const line of changeLines(situation, next, context.clock.now() - began < settlingMs)) io.print(line);
			situation = next;
			if (!patient || next.services.every((status) => status.mark !== '?')) first.resolve();
		},
		notice: (words) => io.print(`${clockTime(context.clock.now())} ${words}`),
	});
	try {
		io.print(`sitrep ${context.version}, linear session${globals.readOnly ? ', read-only' : ''}. Reading ${engine.target.name} (${engine.target.address}).`);
		const ended = new Promise<void>((resolve) => {
			if (signal.aborted) resolve();
			signal.addEventListener('abort', () => resolve(), { once: true });
		});
		await Promise.race([first.promise, ended]);
		const now = (): Situation | undefined => situation;
		const seen = now();
		if (seen === undefined) return exitCodes.ok;
		reported = true;
		for (const line of situationLines(seen)) io.print(line);
		await new Session(context, globals, io, () => now() ?? seen, watching, signal, engine).main();
		return exitCodes.ok;
	} finally {
		cancel();
		watching.close();
	}
};

class Session {
	readonly #context: CliContext;
	readonly #globals: GlobalOptions;
	readonly #io: LinearIo;
	readonly #now: () => Situation;
	readonly #watching: Watching;
	readonly #signal: AbortSignal;
	readonly #engine: Awaited<ReturnType<CliContext['engine']>>;

	constructor(
		context: CliContext,
		globals: GlobalOptions,
		io: LinearIo,
		now: () => Situation,
		watching: Watching,
		signal: AbortSignal,
		engine: Awaited<ReturnType<CliContext['engine']>>,
	) {
		this.#context = context;
		this.#globals = globals;
		this.#io = io;
		this.#now = now;
		this.#watching = watching;
		this.#signal = signal;
		this.#engine = engine;
	}

	main(): Promise<Way> {
		const all = (): readonly ServiceStatus[] => worstFirst(this.#now().services);
		const onService = (title: string, act: (id: string) => Promise<Way>): MenuEntry => ({ title, run: () => this.#pick(title, all, act) });
		return runMenu(
			this.#io,
			() => ({
				heading: ['Menu:'],
				entries: [
					{ title: `services in trouble (${all().filter(isTroubled).length})`, run: () => this.#pick('services in trouble', () => all().filter(isTroubled), (id) => this.#service(id)) },
					{ title: `all services (${all().length})`, run: () => this.#pick('all services', all, (id) => this.#service(id)) },
					onService('logs of a service', (id) => this.#logs(id)),
					onService('health of a service', (id) => this.#tell(id, (status) => healthLines(status, this.#context.clock.now()))),
					onService('metrics of a service', (id) => this.#tell(id, (status) => metricLines(status, this.#watching.signals?.(id), this.#context.clock.now()))),
					onService('actions on a service', (id) => this.#actions(id)),
					onService('playbooks for a service', (id) => this.#playbooks(id)),
					{ title: 'runs that are not over', run: () => unfinishedMenu(this.#playbookSetting()) },
					{
						title: 'the situation again',
						run: async () => {
							for (const line of situationLines(this.#now())) this.#io.print(line);
							return 'stay';
						},
					},
				],
			}),
			true,
		);
	}

	#pick(title: string, list: () => readonly ServiceStatus[], act: (id: string) => Promise<Way>): Promise<Way> {
		return runMenu(this.#io, () => {
			const services = list();
			return {
				heading: [services.length === 0 ? `${title}: none` : `${title}:`],
				entries: services.map((status) => ({ title: serviceLine(status), run: () => act(status.service.id) })),
			};
		});
	}

	#service(id: string): Promise<Way> {
		return runMenu(this.#io, () => ({
			heading: [this.#with(id, serviceLine)],
			entries: [
				{ title: 'logs', run: () => this.#logs(id) },
				{ title: 'health', run: () => this.#tell(id, (status) => healthLines(status, this.#context.clock.now())) },
				{ title: 'metrics', run: () => this.#tell(id, (status) => metricLines(status, this.#watching.signals?.(id), this.#context.clock.now())) },
				{ title: 'actions', run: () => this.#actions(id) },
				{ title: 'playbooks', run: () => this.#playbooks(id) },
				{ title: 'roll back', run: () => this.#playbooks(id, 'rollback') },
			],
		}));
	}

	#status(id: string): ServiceStatus | undefined {
		return this.#now().services.find((status) => status.service.id === id);
	}

	#with(id: string, words: (status: ServiceStatus) => string): string {
		const status = this.#status(id);
		return status === undefined ? `${id} is gone` : words(status);
	}

	async #tell(id: string, lines: (status: ServiceStatus) => readonly string[]): Promise<Way> {
		const status = this.#status(id);
		for (const line of status === undefined ? [`${id} is gone.`] : lines(status)) this.#io.print(line);
		return 'stay';
	}

	async #logs(id: string): Promise<Way> {
		const service: Service | undefined = this.#status(id)?.service;
		if (service === undefined || service.containers.length === 0) {
			this.#io.print(`${id} has no container.`);
			return 'stay';
		}
		return logsMenu({ io: this.#io, engine: this.#engine, stdout: this.#context.stdout, signal: this.#signal }, service);
	}

	#playbookSetting(): PlaybookSetting {
		return { context: this.#context, globals: this.#globals, io: this.#io, signal: this.#signal };
	}

	async #playbooks(id: string, only?: PlaybookKind): Promise<Way> {
		const status = this.#status(id);
		if (status !== undefined) return playbooksMenu(this.#playbookSetting(), status, only);
		this.#io.print(`${id} is gone.`);
		return 'stay';
	}

	/** One container is acted on at once; of several the person picks one. */
	async #actions(id: string): Promise<Way> {
		const containers = (): Service['containers'] => this.#status(id)?.service.containers ?? [];
		const only = containers();
		if (only.length === 0) {
			this.#io.print(`${id} has no container.`);
			return 'stay';
		}
		if (only.length === 1) return this.#actsOn(id, only[0]?.id ?? '');
		return runMenu(this.#io, () => ({
			heading: [`Containers of ${id}:`],
			entries: containers().map((container) => ({ title: `${container.name}: ${container.state}`, run: () => this.#actsOn(id, container.id) })),
		}));
	}

	async #actsOn(id: string, containerId: string): Promise<Way> {
		const record: PlaybookPort['record'] = async (event) => (await this.#context.playbooks()).record(event);
		const setting = { io: this.#io, engine: this.#engine, host: this.#engine.target.name, readOnly: this.#globals.readOnly, service: id, record };
		return runMenu(this.#io, () => {
			const container = this.#status(id)?.service.containers.find((each) => each.id === containerId);
			return container === undefined
				? { heading: [`The container of ${id} is gone.`], entries: [] }
				: { heading: [`${container.name} is ${container.state}. Actions, each asked for again:`], entries: actionEntries(setting, container) };
		});
	}
}
