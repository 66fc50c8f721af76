import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { journalTools } from '../../src/record/tools.ts';
import { eventually } from './engine.ts';
import { patienceMs } from './patience.ts';
import { makeTestHome, type TestHome } from './terminalHome.ts';

/** One line of the exported journal. */
export interface Line {
	readonly seq: number;
	readonly runId?: string;
	readonly actor: { readonly user: string; readonly person?: string; readonly session: string };
	readonly kind: string;
	readonly data: Readonly<Record<string, unknown>>;
}

const isLine = (value: unknown): value is Line => typeof value === 'object' && value !== null && 'seq' in value && 'kind' in value && 'data' in value && 'actor' in value;

/** A home with playbooks of its own and a state folder, shared by the consoles and commands of one test. */
export interface RunHome extends TestHome {
	readonly state: string;
	/** The journal's file. */
	readonly journal: string;
	/** A file for the steps to write to. */
	file(name: string): string;
	/** Lines of such a file; none where it does not exist. */
	lines(name: string): readonly string[];
	/** Events of the journal so far, oldest first. */
	events(kind?: string): Promise<readonly Line[]>;
	/** Waits for an event. */
	event(kind: string, matches?: (line: Line) => boolean): Promise<Line>;
}

/** Head of a playbook that fits every service. */
const head = (id: string): string => `schemaVersion: 1\nid: ${id}\nversion: 1.0.0\nkind: incident\ntitle: Test ${id}\n`;

/**
 * Makes such a home.
 * @param playbooks what follows the head, as YAML, by id; `FOLDER` in it becomes the folder of `file`
 * @param state state folder, where it is to stand elsewhere
 */
export const makeRunHome = async (playbooks: Readonly<Record<string, string>>, state?: string): Promise<RunHome & AsyncDisposable> => {
	const home = await makeTestHome();
	const pack = join(home.dir, 'config', 'sitrep', 'playbooks', 'test');
	const files = join(home.dir, 'files');
	await Promise.all([mkdir(pack, { recursive: true }), mkdir(files)]);
	for (const [id, body] of Object.entries(playbooks)) await writeFile(join(pack, `${id}.yaml`), `${head(id)}${body.replaceAll('FOLDER', files)}`);
	const folder = state ?? join(home.dir, 'sitrep');
	const journal = join(folder, 'journal.db');
	const events = async (kind?: string): Promise<readonly Line[]> => {
		if (!existsSync(journal)) return [];
		const lines: Line[] = [];
		for await (const text of journalTools(journal).export({})) {
			const line: unknown = JSON.parse(text);
			if (isLine(line) && (kind === undefined || line.kind === kind)) lines.push(line);
		}
		return lines;
	};
	return {
		...home,
		env: { ...home.env, SITREP_STATE_DIR: folder },
		state: folder,
		journal,
		file: (name) => join(files, name),
		lines: (name) => (existsSync(join(files, name)) ? readFileSync(join(files, name), 'utf8').split('\n').filter((line) => line !== '') : []),
		events,
		event: (kind, matches = () => true) => eventually(`the event ${kind}`, async () => (await events(kind).catch(() => [])).find(matches)),
		[Symbol.asyncDispose]: () => home.remove(),
	};
};

/** A command of sitrep without a terminal. */
export interface Command {
	readonly child: ChildProcess;
	/** What it has written to stdout and to stderr so far. */
	readonly said: { readonly stdout: string; readonly stderr: string };
	/** How it ended: its exit code, or the signal that ended it. */
	readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts the launcher in a session of its own, with pipes for streams. */
export const startCommand = (launcher: string, args: readonly string[], env: Readonly<Record<string, string>>, cwd: string): Command => {
	const child = spawn(launcher, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true, timeout: patienceMs, killSignal: 'SIGKILL' });
	const said = { stdout: '', stderr: '' };
	child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
	return {
		child,
		said,
		ended: new Promise((resolve, reject) => {
			child.on('error', reject);
			child.on('close', (code, signal) => resolve({ code, signal, ...said }));
		}),
	};
};
