import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import process from 'node:process';
import type { Actor } from '../domain/journal.ts';

/** What the machine knows of processes. */
export interface ProcessPort {
	/** This process. */
	readonly pid: number;
	/** Names one boot of one machine, as far as process ids go: no colon in it. */
	bootId(): string;
	/** When a process started, in the machine's own unit; `gone` where there is none, `unknown` where the machine does not say. */
	startOf(pid: number): string;
}

/** A console, as {@link Actor}.session names it. */
export interface Session {
	readonly bootId: string;
	readonly pid: number;
	readonly start: string;
}

const tryRead = (read: () => string): string | undefined => {
	try {
		return read();
	} catch {
		return undefined;
	}
};

/** Number of the first PID namespace of every Linux (PROC_PID_INIT_INO in the kernel's proc_ns.h). */
const firstNamespace = 'pid:[4026531836]';

const linuxBoot = (): string | undefined => {
	const boot = tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
	if (boot === undefined) return undefined;
	// Two containers share the boot but not the process ids.
	const namespace = tryRead(() => readlinkSync('/proc/self/ns/pid'));
	return namespace === undefined || namespace === firstNamespace ? boot : `${boot}.${/\d+/.exec(namespace)?.[0] ?? ''}`;
};

const linuxStart = (pid: number): string => {
	const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
	if (stat === undefined) return 'gone';
	// proc(5): the name, field 2, may hold anything; the fields begin anew after its last parenthesis, with the state as number 3.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	// A zombie or dead process does nothing any more.
	return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : (fields[19] ?? 'unknown');
};

const portableStart = (pid: number): string => {
	try {
		process.kill(pid, 0);
		return 'unknown';
	} catch (error) {
		// EPERM: it is there, and not ours.
		return error instanceof Error && 'code' in error && error.code === 'ESRCH' ? 'gone' : 'unknown';
	}
};

const madeBoot = linuxBoot();

/** The processes of this machine. Where there is no /proc, a reboot and a reused process id are known by the heartbeat alone. */
export const machineProcesses: ProcessPort = {
	pid: process.pid,
	bootId: () => madeBoot ?? `host-${hostname().replaceAll(':', '-')}`,
	startOf: madeBoot === undefined ? portableStart : linuxStart,
};

export const sessionText = ({ bootId, pid, start }: Session): string => `${bootId}:${pid}:${start}`;

/** This process, as `<boot id>:<pid>:<start time>`. */
export const sessionOf = (processes: ProcessPort = machineProcesses): string =>
	sessionText({ bootId: processes.bootId(), pid: processes.pid, start: processes.startOf(processes.pid) });

/** @returns undefined where it is no session */
export const parseSession = (text: string): Session | undefined => {
	const [, bootId, pid, start] = /^([^:]+):(\d+):([^:]+)$/.exec(text) ?? [];
	return bootId === undefined || start === undefined ? undefined : { bootId, pid: Number(pid), start };
};

/** @returns false where the process of a session is known to be gone, undefined where nothing is known: another machine or boot */
export const sessionLives = (text: string, processes: ProcessPort = machineProcesses): boolean | undefined => {
	const session = parseSession(text);
	if (session === undefined || session.bootId !== processes.bootId()) return undefined;
	const start = processes.startOf(session.pid);
	if (start === 'gone') return false;
	return start === 'unknown' || session.start === 'unknown' || start === session.start;
};

/** Account and machine, as the system names them. */
export interface AccountPort {
	user(): string;
	host(): string;
}

export const machineAccount: AccountPort = {
	// A user id without an entry in passwd, as in many containers, has no name.
	user: () => tryRead(() => userInfo().username) ?? `uid ${process.getuid?.() ?? '?'}`,
	host: () => hostname(),
};

/** Who acts from this console. @param person who they said they are, where the account is shared */
export const actorOf = (ports: { readonly account?: AccountPort; readonly processes?: ProcessPort; readonly person?: string } = {}): Actor => {
	const account = ports.account ?? machineAccount;
	return { user: account.user(), ...(ports.person === undefined ? {} : { person: ports.person }), host: account.host(), session: sessionOf(ports.processes) };
};
