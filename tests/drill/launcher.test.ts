import { execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '..', '..', 'bin');

interface Outcome {
	readonly code: unknown;
	readonly stdout: string;
	readonly stderr: string;
}

const run = async (program: string, argv: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
	new Promise((resolve) => {
		execFile(program, argv, { env: { PATH: `${join(process.execPath, '..')}:/usr/bin:/bin`, HOME: tmpdir(), ...env } }, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : error.code, stdout, stderr });
		});
	});

describe('bin/sitrep', () => {
	let home: string;
	const bundle = (text: string) => {
		mkdirSync(join(home, 'dist'));
		writeFileSync(join(home, 'dist', 'sitrep.js'), text);
	};
	const carriedNode = () => {
		mkdirSync(join(home, 'node_modules', '.bin'), { recursive: true });
		symlinkSync(process.execPath, join(home, 'node_modules', '.bin', 'node'));
	};
	/** What the launcher does on a Node that is too old. */
	const old = ['-e', `require('./bin/tooOld.js')([99, 0], require('path').resolve('dist/sitrep.js'))`, '--', 'status'];

	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), 'sitrep-bin-'));
		cpSync(bin, join(home, 'bin'), { recursive: true });
		writeFileSync(join(home, 'package.json'), '{"type":"module"}');
	});
	afterEach(() => rmSync(home, { recursive: true, force: true }));

	it('runs the bundle with its arguments, in production, and gives its exit code', async () => {
		bundle('console.log(JSON.stringify(process.argv.slice(2)), process.env.NODE_ENV); process.exitCode = 7;');
		expect(await run(join(home, 'bin', 'sitrep'), ['logs', 'a b'])).toEqual({ code: 7, stdout: '["logs","a b"] production\n', stderr: '' });
	});

	it('finds itself behind links, relative and absolute', async () => {
		bundle('console.log("found");');
		mkdirSync(join(home, 'links'));
		symlinkSync('../bin/sitrep', join(home, 'links', 'one'));
		symlinkSync(join(home, 'links', 'one'), join(home, 'links', 'two'));
		expect(await run(join(home, 'links', 'two'), [])).toMatchObject({ code: 0, stdout: 'found\n' });
	});

	it('prefers the Node that a checkout carries', async () => {
		bundle('console.log(process.argv0);');
		carriedNode();
		expect((await run(join(home, 'bin', 'sitrep'), [])).stdout.trim()).toBe(`${home}/bin/../node_modules/.bin/node`);
	});

	it('says how to build where there is no bundle', async () => {
		const { code, stderr } = await run(join(home, 'bin', 'sitrep'), []);
		expect(code).toBe(2);
		expect(stderr).toContain('npm run build');
	});

	it('on an old Node says which one is needed', async () => {
		bundle('');
		const { code, stderr } = await run('sh', ['-c', 'cd "$0" && exec node "$@"', home, ...old]);
		expect(code).toBe(2);
		expect(stderr).toContain(`needs Node 99.0 or newer; this is Node ${process.versions.node}`);
	});

	it('on an old Node starts itself again on the one that a checkout carries', async () => {
		bundle('console.log("again"); process.exitCode = 5;');
		carriedNode();
		expect(await run('sh', ['-c', 'cd "$0" && exec node "$@"', home, ...old])).toEqual({ code: 5, stdout: 'again\n', stderr: '' });
	});

	it('passes a signal on, and ends as the other one ends', async () => {
		bundle('process.on("SIGTERM", () => process.exit(9)); setInterval(() => {}, 1000); console.log("ready");');
		carriedNode();
		const child = spawn(process.execPath, old, { cwd: home, stdio: ['ignore', 'pipe', 'inherit'] });
		const ended = new Promise((resolve) => child.once('exit', resolve));
		await new Promise((resolve) => child.stdout.once('data', resolve));
		child.kill('SIGTERM');
		expect(await ended).toBe(9);
	});

	it.each(['sitrep', 'tooOld.js'])('%s parses on any Node', (name) => {
		const code = readFileSync(join(bin, name), 'utf8').replaceAll(/^(?:#!|':'|\s*\/\/|\s*\/\*\*).*$/gm, '');
		expect(code).not.toMatch(/\b(?:const|let|class|async|await|import)\b|=>|`|\?\?|\?\./);
	});
});
