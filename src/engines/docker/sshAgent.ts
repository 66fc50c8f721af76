import process from 'node:process';
import type { spawn } from 'node:child_process';
import type { Agent as HttpAgent, AgentOptions, ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { openSshConnection } from './sshConnection.ts';
import { SshLogins } from './sshLogins.ts';
import type { Transport } from './target.ts';

// An import of node:http reads all that it exports, and for some of that the runtime loads an HTTP client of its own: 35 ms of the start.
const { Agent } = process.getBuiltinModule('node:http');

/** Each connection is a process here and a login there: a few carry the calls, the rest is for streams. */
const maxConnections = 64;
/** A login takes a good part of a second, so idle connections are kept a while. */
const idleMs = 60_000;

/** Arguments of ssh. The far side's shell sees only fixed words and a quoted path. */
export function sshArguments(transport: Extract<Transport, { kind: 'ssh' }>): readonly string[] {
	const dial = ['docker', ...(transport.socketPath === undefined ? [] : ['--host', quoted(`unix://${transport.socketPath}`)]), 'system', 'dial-stdio'];
	return [
		...(transport.user === undefined ? [] : ['-l', transport.user]),
		...(transport.port === undefined ? [] : ['-p', String(transport.port)]),
		// No terminal to ask on: without a key it must fail, not hang. Host keys are checked as ssh is set up to.
		'-o',
		'BatchMode=yes',
		'-o',
		'ConnectTimeout=10',
		'-T',
		'--',
		transport.host,
		...dial,
	];
}

function quoted(word: string): string {
	return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An HTTP agent whose connections are ssh processes running `docker system dial-stdio`. */
export function createSshAgent(transport: Extract<Transport, { kind: 'ssh' }>, start: typeof spawn): HttpAgent {
	const logins = new SshLogins();
	const agent = new SshAgent(logins, { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: 4, timeout: idleMs });
	const create = (_options: ClientRequestArgs, done?: (error: Error | null, connection: Duplex) => void): undefined => {
		logins.enter(() => {
			const child = start('ssh', sshArguments(transport), { stdio: ['pipe', 'pipe', 'pipe'] });
			done?.(null, openSshConnection(child));
			return child;
		});
	};
	// createConnection is the documented way to give an agent connections of another kind.
	return Object.assign(agent, { createConnection: create });
}

class SshAgent extends Agent {
	readonly #logins: SshLogins;

	constructor(logins: SshLogins, options: AgentOptions) {
		super(options);
		this.#logins = logins;
	}

	override destroy(): void {
		this.#logins.close();
		super.destroy();
	}
}
