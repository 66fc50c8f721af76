import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { CommandSpec, CommandSupervisor, RunningCommand } from '../../domain/run/execution.ts';
import { evidenceOf, supervisorLives } from './evidence.ts';
import { type ProcessTable, systemProcesses } from './processTable.ts';
import { readIdentity } from './readRecords.ts';
import { recordNames } from './records.ts';
import { CommandRefused, refusalOf } from './refusal.ts';
import { Spare, supervisorProgram } from './spare.ts';
import { type EndWatch, watchEnd } from './watchEnd.ts';

/** Asks the supervisor to end its command: by a file, which lasts, and by a signal, which is quick. */
const askToCancel = async (folder: string, table: ProcessTable): Promise<void> => {
	await writeFile(join(folder, recordNames.cancel), '', { mode: 0o600 });
	const identity = await readIdentity(folder);
	if (identity === undefined || 'unreadable' in identity || !supervisorLives(identity, table)) return;
	try {
		process.kill(identity.supervisor.pid, 'SIGTERM');
	} catch {
		// Gone meanwhile, or another person's: the file is left.
	}
};

/** Carries out commands under supervisor processes, at most one of them idle. */
class SupervisedCommands implements CommandSupervisor {
	readonly #table: ProcessTable;
	readonly #program: string;
	readonly #watches = new Set<EndWatch>();
	#spare: Spare | undefined;
	#keepWarm = false;
	#closed = false;

	constructor(table: ProcessTable, program: string) {
		this.#table = table;
		this.#program = program;
	}

	warm(): void {
		if (this.#closed) return;
		this.#keepWarm = true;
		if (this.#spare?.alive !== true) this.#spare = new Spare(this.#program);
	}

	/** @throws CommandRefused where nothing was started, with words */
	async start(spec: CommandSpec): Promise<RunningCommand> {
		const refusal = refusalOf(spec);
		if (refusal !== undefined) throw new CommandRefused(refusal);
		const warm = this.#spare?.alive === true ? this.#spare : undefined;
		this.#spare = undefined;
		let supervisor = warm ?? new Spare(this.#program);
		let answer = await supervisor.give(spec);
		if (answer === undefined && (await evidenceOf(spec.folder, this.#table)).kind === 'never') {
			// It was killed while it waited, and has not begun. A second one may.
			supervisor = new Spare(this.#program);
			answer = await supervisor.give(spec);
		}
		if (this.#keepWarm) this.warm();
		if (answer !== undefined && 'refused' in answer) throw new CommandRefused(answer.refused);
		if (answer === undefined && (await evidenceOf(spec.folder, this.#table)).kind === 'never') {
			throw new CommandRefused(`the program that carries out commands could not be started (${process.execPath}): is the system out of memory or processes?`);
		}
		const watch = this.#watch(spec.folder);
		void supervisor.gone.then(() => watch.hurry());
		return this.#running(spec.folder, watch);
	}

	async attach(folder: string): Promise<RunningCommand | undefined> {
		const evidence = await this.evidence(folder);
		if (evidence.kind === 'never' || evidence.kind === 'lost') return undefined;
		return this.#running(folder, this.#watch(folder));
	}

	evidence(folder: string): ReturnType<typeof evidenceOf> {
		return evidenceOf(folder, this.#table);
	}

	close(): void {
		this.#closed = true;
		this.#keepWarm = false;
		this.#spare?.close();
		this.#spare = undefined;
		for (const watch of this.#watches) watch.stop();
		this.#watches.clear();
	}

	#watch(folder: string): EndWatch {
		const watch = watchEnd(folder, this.#table);
		this.#watches.add(watch);
		const forget = (): void => void this.#watches.delete(watch);
		watch.ended.then(forget, forget);
		return watch;
	}

	#running(folder: string, watch: EndWatch): RunningCommand {
		return {
			ended: watch.ended,
			cancel: async () => {
				await askToCancel(folder, this.#table);
				return watch.ended;
			},
			detach: () => {
				watch.stop();
				this.#watches.delete(watch);
			},
		};
	}
}

/**
 * @param table the processes of this machine
 * @param program path of the supervisor's program
 */
export const createCommandSupervisor = (table: ProcessTable = systemProcesses(), program: string = supervisorProgram): CommandSupervisor => new SupervisedCommands(table, program);
