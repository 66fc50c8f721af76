import { existsSync } from 'node:fs';
import { installPackages, thisMachine } from '../../src/drill/engineInstall.ts';
import { composeMissing } from './compose.ts';
import { podmanMissing } from './podman.ts';

/**
 * Makes sure that what tests make their images from (a static busybox), what they reach engines with (OpenSSH), what they back up (PostgreSQL), what
 * they move services with (docker-compose), the other engine (Podman) and the shells that completion is for, and tmux, are there. To be called once in a run: two apt-get at a time refuse each other. Where something cannot be installed, the
 * tests that need it fail with its name.
 */
export const ensureTestPrograms = async (say: (line: string) => void): Promise<void> => {
	await ensure([...(await busyboxMissing()), ...(await sshMissing()), ...postgresMissing(), ...(await composeMissing()), ...(await podmanMissing()), ...(await shellsMissing())], say);
};

/** The busybox alone. */
export const ensureBusybox = async (say: (line: string) => void): Promise<void> => {
	await ensure(await busyboxMissing(), say);
};

/** Where sshd lies on every Linux; it must be started by its whole path. */
export const sshServerProgram = '/usr/sbin/sshd';

const busyboxMissing = async (): Promise<readonly string[]> => ((await thisMachine.has('busybox')) ? [] : ['busybox-static']);

/** Debian keeps PostgreSQL's own programs off the PATH. */
const postgresMissing = (): readonly string[] => (existsSync('/usr/lib/postgresql') ? [] : ['postgresql']);

const shellsMissing = async (): Promise<readonly string[]> => {
	const there = await Promise.all(['zsh', 'fish', 'tmux'].map(async (shell) => ((await thisMachine.has(shell)) ? [] : [shell])));
	return there.flat();
};

const sshMissing = async (): Promise<readonly string[]> =>
	existsSync(sshServerProgram) && (await thisMachine.has('ssh')) && (await thisMachine.has('ssh-keygen')) ? [] : ['openssh-server', 'openssh-client'];

async function ensure(packages: readonly string[], say: (line: string) => void): Promise<void> {
	if (packages.length === 0 || thisMachine.uid !== 0 || !(await thisMachine.has('apt-get'))) return;
	try {
		await installPackages(packages, say);
	} catch (error) {
		say(error instanceof Error ? error.message : String(error));
	}
}
