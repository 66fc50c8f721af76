import { type DoctorCheck, errorWords } from './check.ts';
import type { PathFacts, SystemPort } from './systemPort.ts';

/** Path of a Unix socket's address. */
const socketPath = (address: string): string | undefined => /^unix:\/\/(\/.+)$/.exec(address)?.[1];

/** Who may use the engine's socket, and what to do where we may not. Nothing to say of an engine that is not a local socket. */
export const permissionChecks = async (address: string | undefined, system: SystemPort): Promise<readonly DoctorCheck[]> => {
	const path = address === undefined ? undefined : socketPath(address);
	if (path === undefined) return [];
	try {
		const facts = await system.path(path);
		return facts === undefined ? [missing(path)] : [judge(path, facts, system)];
	} catch (error) {
		return [{ id: 'permissions.socket', group: 'permissions', state: 'fail', title: 'socket', words: `${path}: ${errorWords(error)}`, advice: 'Look at the permissions of the directories above it.' }];
	}
};

const missing = (path: string): DoctorCheck => ({
	id: 'permissions.socket',
	group: 'permissions',
	state: 'fail',
	title: 'socket',
	words: `${path} does not exist`,
	advice: 'The engine is not running, or listens elsewhere: `sudo systemctl start docker`, or name it with --host.',
});

const judge = (path: string, facts: PathFacts, system: SystemPort): DoctorCheck => {
	const words = `${path}: ${facts.owner}:${facts.group} ${facts.mode.toString(8).padStart(4, '0')}`;
	const base = { id: 'permissions.socket', group: 'permissions', title: 'socket' } as const;
	if (facts.kind !== 'socket') {
		return { ...base, state: 'fail', words: `${words}, but it is a ${facts.kind === 'other' ? 'thing of another kind' : facts.kind}, not a socket`, advice: 'Name the engine\'s socket with --host.' };
	}
	if (facts.readable && facts.writable) {
		return (facts.mode & 0o002) === 0
			? { ...base, state: 'ok', words: `${words}, ${system.user.name} may use it` }
			: {
					...base,
					state: 'warn',
					words: `${words}, every account of this machine may use it`,
					advice: `Whoever reaches this socket is root on this machine: \`sudo chmod o-rw ${path}\`.`,
				};
	}
	return {
		...base,
		state: 'fail',
		words: `${words}, and ${system.user.name} may not use it`,
		advice:
			(facts.mode & 0o060) === 0o060 && facts.group !== 'root'
				? `Join the group and log in again: \`sudo usermod -aG ${facts.group} ${system.user.name}\` (members are as good as root). Or run sitrep with sudo.`
				: 'Run sitrep with sudo, or use an engine of your own (rootless).',
	};
};
