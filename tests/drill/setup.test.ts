import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '..', '..', 'bin');

/** Notes how npm was called; fails with the words of FAIL where that names the command. */
const fakeNpm = `
const { appendFileSync } = require('node:fs');
const argv = process.argv.slice(2).filter((word) => !word.startsWith('--')).join(' ');
appendFileSync(process.env.CALLS, argv + '\\n');
const [command, words] = (process.env.FAIL ?? '').split(':');
if (command === argv) { console.error(words); process.exit(1); }
`;

describe('the set-up', () => {
	let home: string;
	const put = (path: string, text: string) => {
		mkdirSync(join(home, path, '..'), { recursive: true });
		writeFileSync(join(home, path), text);
	};
	const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version: '1.0.0', optional: true } } });
	const setUp = (env: Record<string, string> = {}) => {
		const calls = join(home, 'calls');
		writeFileSync(calls, '');
		const { status, stderr } = spawnSync(process.execPath, [join(home, 'bin', 'setup.mjs')], {
			encoding: 'utf8',
			env: { ...process.env, npm_execpath: join(home, 'npm.cjs'), CALLS: calls, ...env },
		});
		return { status, stderr, calls: readFileSync(calls, 'utf8').trim().split('\n').filter(Boolean) };
	};

	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), 'sitrep-setup-'));
		cpSync(bin, join(home, 'bin'), { recursive: true });
		put('npm.cjs', fakeNpm);
		put('package-lock.json', lock('2.0.0'));
		put('src/main.ts', '');
		put('node_modules/.package-lock.json', lock('2.0.0'));
		put('node_modules/.bin/node', '');
		put('dist/sitrep.js', '');
		const later = new Date(Date.now() + 60_000);
		utimesSync(join(home, 'dist', 'sitrep.js'), later, later);
	});
	afterEach(() => rmSync(home, { recursive: true, force: true }));

	it('does nothing, and says nothing, where everything is as it should be', () => {
		expect(setUp()).toEqual({ status: 0, stderr: '', calls: [] });
	});

	it('installs where a package is missing or of another version', () => {
		put('node_modules/.package-lock.json', lock('1.0.0'));
		expect(setUp().calls).toEqual(['ci']);
		rmSync(join(home, 'node_modules'), { recursive: true });
		expect(setUp().calls).toEqual(['ci']);
	});

	it('builds where a source is newer than the bundle', () => {
		const latest = new Date(Date.now() + 120_000);
		utimesSync(join(home, 'src', 'main.ts'), latest, latest);
		expect(setUp().calls).toEqual(['run build']);
		rmSync(join(home, 'dist'), { recursive: true });
		expect(setUp().calls).toEqual(['run build']);
	});

	it('falls back to npm install where the lock file lacks other platforms', () => {
		rmSync(join(home, 'node_modules'), { recursive: true });
		expect(setUp({ FAIL: 'ci:npm error code EUSAGE' })).toMatchObject({ status: 0, calls: ['ci', 'install'] });
	});

	it('ends with the reason where the installation fails', () => {
		rmSync(join(home, 'node_modules'), { recursive: true });
		const { status, stderr, calls } = setUp({ FAIL: 'ci:no network' });
		expect({ status, calls }).toEqual({ status: 1, calls: ['ci'] });
		expect(stderr).toContain('no network');
	});
});
