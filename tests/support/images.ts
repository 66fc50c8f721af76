import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { pack } from 'tar-stream';

/** Every image and container a test makes carries this, so that what a broken run left behind can be found. */
export const testLabel = 'sitrep.test';

/** Commands of busybox that the tests call by their own name. */
const applets = ['sh', 'cat', 'dd', 'echo', 'head', 'kill', 'printf', 'ps', 'seq', 'setsid', 'sleep', 'tail', 'touch', 'tr', 'true', 'yes', 'stty', 'wget', 'nc'];

/**
 * Makes sure an engine has a small image with a static busybox, without any registry.
 * @param address `unix:///…`
 * @param options `shell: false` gives an image with `sleep` and nothing else
 * @returns its name
 * @throws Error where no static busybox is on the PATH (Debian: package busybox-static)
 */
export async function busyboxImage(address: string, options: { readonly shell?: boolean } = {}): Promise<string> {
	const withShell = options.shell ?? true;
	const name = withShell ? 'sitrep-test-busybox:1' : 'sitrep-test-shell-less:1';
	const docker = new Docker({ socketPath: address.replace('unix://', '') });
	if (await exists(docker, name)) {
		return name;
	}
	const tar = pack();
	const program = await readBusybox();
	if (withShell) {
		tar.entry({ name: 'bin/busybox', mode: 0o755 }, program);
		for (const applet of applets) {
			tar.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
		}
	} else {
		// Called by another name than an applet's, busybox does that applet only.
		tar.entry({ name: 'bin/sleep', mode: 0o755 }, program);
	}
	for (const folder of ['tmp', 'proc', 'data']) {
		tar.entry({ name: folder, type: 'directory', mode: 0o777 });
	}
	tar.finalize();
	const [repo = name, tag = '1'] = name.split(':');
	const progress = await docker.importImage(Readable.from(tar, { objectMode: false }), { repo, tag, changes: `LABEL ${testLabel}=1` });
	await new Promise<void>((resolve, reject) => {
		progress.on('error', reject).on('end', resolve).resume();
	});
	return name;
}

async function exists(docker: Docker, name: string): Promise<boolean> {
	try {
		await docker.getImage(name).inspect();
		return true;
	} catch {
		return false;
	}
}

async function readBusybox(): Promise<Buffer> {
	for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
		try {
			return await readFile(join(folder, 'busybox'));
		} catch {
			// Not in this folder.
		}
	}
	throw new Error('no busybox on the PATH: install a static one (Debian: apt-get install busybox-static)');
}
