import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';
import { engineClient } from '../../src/drill/engineClient.ts';
import { ensureImages } from '../../src/drill/image.ts';
import { startPrivateEngine, type PrivateEngine } from '../../src/drill/privateEngine.ts';
import { defaultRange } from '../../src/drill/rangeNames.ts';
import type { LoadedPlaybook } from '../../src/domain/playbook/playbook.ts';
import { loadLibrary } from '../../src/respond/playbook/library.ts';
import { libraryFiles } from '../../src/respond/playbook/libraryFiles.ts';
import { byHand } from './byHand.ts';
import { byPlaybook } from './byPlaybook.ts';
import { byRollback } from './rollback/byRollback.ts';
import type { EngineHands, RollbackCase } from './rollback/case.ts';
import type { RollbackRecovery } from './rollback/outcome.ts';
import type { Exercise } from './exercise.ts';
import type { PlaybookRecovery, Recovery } from './outcome.ts';

const launcher = process.env['SITREP_DRILL_COMMAND'] ?? fileURLToPath(new URL('../../bin/sitrep', import.meta.url));
const packs = fileURLToPath(new URL('../../playbooks', import.meta.url));

/** The playbooks that are shipped. @throws Error that names the broken ones */
export const shippedPlaybooks = async (): Promise<readonly LoadedPlaybook[]> => {
	const { playbooks, problems } = await loadLibrary([packs], libraryFiles);
	const errors = problems.filter((each) => each.level === 'error');
	if (errors.length > 0) throw new Error(errors.map((each) => `${each.file}: ${each.message}`).join('\n'));
	return playbooks;
};

/** An exercise with what came of it, both ways. */
export interface Done {
	readonly exercise: Exercise;
	readonly playbook: PlaybookRecovery;
	/** Absent where the procedure has no commands for it. */
	readonly written?: Recovery;
}

/** An engine of their own for the drills, and everything they make in one folder: what a drill leaves behind goes with it. */
export class Drills implements EngineHands {
	readonly #host: string;
	readonly #folder: string;
	readonly #engine: PrivateEngine;
	readonly #playbooks: ReadonlyMap<string, LoadedPlaybook>;

	private constructor(folder: string, engine: PrivateEngine, playbooks: readonly LoadedPlaybook[]) {
		this.#folder = folder;
		this.#engine = engine;
		this.#host = engine.host;
		this.#playbooks = new Map(playbooks.map((each) => [each.playbook.id, each]));
	}

	static async open(say: (line: string) => void, signal: AbortSignal): Promise<Drills> {
		const playbooks = await shippedPlaybooks();
		// A short name: the path of a socket is bounded.
		const folder = await mkdtemp('/tmp/drill-');
		process.env['TMPDIR'] = folder;
		let engine: PrivateEngine | undefined;
		try {
			engine = await startPrivateEngine({ dir: join(folder, 'e'), signal });
			await ensureImages(engineClient(engine.host), say, { signal });
			return new Drills(folder, engine, playbooks);
		} catch (error) {
			await engine?.destroy();
			await rm(folder, { recursive: true, force: true });
			throw error;
		}
	}

	get docker(): Docker {
		return engineClient(this.#host);
	}

	/**
	 * Does one both ways, each on a range of its own.
	 * @param options `range`: a name for both; else each has its own, so that no restart of another drill is in the engine's history
	 */
	async run(exercise: Exercise, options: { readonly range?: string; readonly keysPerSecond?: number; readonly signal: AbortSignal }): Promise<Done> {
		const playbook = this.#named(exercise.playbook);
		const { range, ...rest } = options;
		const common = { host: this.#host, exercise, ...rest };
		const done = await byPlaybook({ ...common, command: launcher, range: range ?? `${exercise.id}-p`, playbook });
		if (exercise.written === undefined) return { exercise, playbook: done };
		return { exercise, playbook: done, written: await byHand({ ...common, range: range ?? `${exercise.id}-w`, written: exercise.written }) };
	}

	/**
	 * Does one case of a rollback by the console, on a range of its own.
	 * @param options `range`: its name; the default one where absent, whose names and port the playbooks have as their defaults
	 */
	async rollBack(about: RollbackCase, options: { readonly range?: string; readonly keysPerSecond?: number; readonly signal: AbortSignal }): Promise<RollbackRecovery> {
		const playbook = this.#named(about.playbook);
		const { range = defaultRange, ...rest } = options;
		// What an earlier case took away has to be there.
		await ensureImages(this.docker, () => {}, { signal: options.signal });
		return byRollback({ host: this.#host, command: launcher, engine: this, range, playbook, case: about, ...rest });
	}

	/** The same by the written commands. */
	async rollBackByHand(about: RollbackCase, signal: AbortSignal): Promise<Recovery | undefined> {
		// Commands cannot be interrupted for what happens in their middle.
		if (about.written === undefined || about.meddle !== undefined) return undefined;
		await ensureImages(this.docker, () => {}, { signal });
		return byHand({ host: this.#host, range: defaultRange, exercise: about, written: about.written, signal });
	}

	async killEngine(): Promise<void> {
		this.#engine.kill('SIGKILL');
		await this.#engine.restart();
	}

	async restartEngine(): Promise<void> {
		await this.#engine.restart();
	}

	#named(id: string): LoadedPlaybook {
		const found = this.#playbooks.get(id);
		if (found === undefined) throw new Error(`there is no playbook ${id}`);
		return found;
	}

	async close(): Promise<void> {
		await this.#engine.destroy();
		await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
	}
}
