import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { allProcesses, descendantsOf, signalProcess } from '../../src/drill/processes.ts';
import { eventually } from './engine.ts';
import { freePort } from './freePort.ts';
import { sshServerProgram } from './programs.ts';

const run = promisify(execFile);

/** What ssh knows of the server's host key. */
export type KnownHosts = 'right' | 'none' | 'wrong';

/**
 * A real OpenSSH server of our own on 127.0.0.1, and the ssh client of the system set up to log in to it, with keys
 * and settings in a folder of theirs. Nothing of the machine's own ssh is read or changed, but for the empty folder
 * that sshd insists on.
 */
export class SshServer {
	readonly #dir: string;
	#port = 0;
	#process: ChildProcess | undefined;

	/** @param dir an existing folder, which the caller removes */
	constructor(dir: string) {
		this.#dir = dir;
	}

	/** `ssh://…` of an engine's socket beyond this server. */
	address(socket: string): string {
		return `ssh://${userInfo().username}@127.0.0.1:${this.#port}${socket}`;
	}

	/** Makes keys and settings, and starts it. @throws Error where the machine has no sshd (Debian: openssh-server) */
	async setUp(): Promise<void> {
		if (!existsSync(sshServerProgram)) throw new Error(`there is no ${sshServerProgram}: install it (Debian: apt-get install openssh-server)`);
		// Where sshd locks its unprivileged half in.
		await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
		for (const name of ['host', 'stranger', 'user']) {
			await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', this.#path(name)]);
		}
		await copyFile(this.#path('user.pub'), this.#path('authorized_keys'));
		this.#port = await freePort();
		await writeFile(
			this.#path('sshd_config'),
			[
				`ListenAddress 127.0.0.1:${this.#port}`,
				`HostKey ${this.#path('host')}`,
				`AuthorizedKeysFile ${this.#path('authorized_keys')}`,
				`PidFile none`,
				'UsePAM no',
				'StrictModes no',
				'PasswordAuthentication no',
				'KbdInteractiveAuthentication no',
				'PermitRootLogin prohibit-password',
				'',
			].join('\n'),
		);
		for (const [known, key] of [['right', 'host.pub'], ['wrong', 'stranger.pub'], ['none', undefined]] as const) {
			const line = key === undefined ? '' : `[127.0.0.1]:${this.#port} ${await readFile(this.#path(key), 'utf8')}`;
			await writeFile(this.#path(`known_hosts-${known}`), line);
			await this.#client(known);
		}
		await this.start();
	}

	/** PATH on which `ssh` is the system's ssh with our settings. */
	path(known: KnownHosts = 'right'): string {
		return `${this.#path(`bin-${known}`)}${delimiter}${process.env['PATH'] ?? ''}`;
	}

	/** Starts it, on the same port with the same key as before. */
	async start(): Promise<void> {
		let words = '';
		const child = spawn(sshServerProgram, ['-D', '-e', '-f', this.#path('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
		child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
		this.#process = child;
		await eventually('sshd listens', () => {
			if (child.exitCode !== null) throw new Error(`sshd ended at once: ${words}`);
			return words.includes('Server listening');
		});
	}

	/** Cuts every connection there is, as a link that fails does; new ones are taken. */
	async drop(): Promise<void> {
		for (const { pid } of await this.#sessions()) signalProcess(pid, 'SIGKILL');
	}

	/** How many connections are open. */
	async connections(): Promise<number> {
		return (await this.#sessions()).length;
	}

	/** Ends it with all its connections. */
	async stop(): Promise<void> {
		const { pid } = this.#process ?? {};
		if (pid === undefined) return;
		const below = descendantsOf(await allProcesses(), [pid]);
		for (const each of [pid, ...below.map((process) => process.pid)]) signalProcess(each, 'SIGKILL');
		this.#process = undefined;
	}

	#path(name: string): string {
		return join(this.#dir, name);
	}

	/** The server's own children, one for each connection. */
	async #sessions() {
		const pid = this.#process?.pid;
		return pid === undefined ? [] : (await allProcesses()).filter(({ parent }) => parent === pid);
	}

	async #client(known: KnownHosts): Promise<void> {
		const config = this.#path(`ssh_config-${known}`);
		await writeFile(
			config,
			[`IdentityFile ${this.#path('user')}`, 'IdentitiesOnly yes', 'IdentityAgent none', `UserKnownHostsFile ${this.#path(`known_hosts-${known}`)}`, 'GlobalKnownHostsFile none', 'UpdateHostKeys no', ''].join('\n'),
		);
		const { stdout } = await run('sh', ['-c', 'command -v ssh']);
		const bin = this.#path(`bin-${known}`);
		await mkdir(bin);
		await writeFile(join(bin, 'ssh'), `#!/bin/sh\nexec ${stdout.trim()} -F ${config} "$@"\n`);
		await chmod(join(bin, 'ssh'), 0o755);
	}
}
