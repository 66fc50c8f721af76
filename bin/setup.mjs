// Makes a checkout ready to run: packages as the lock file says, and a build as new as its sources.
// Runs before `npm start`, `npm run demo` and `npm test`, on whichever Node npm itself runs on.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function readLock(path) {
	try {
		return JSON.parse(readFileSync(join(root, path), 'utf8')).packages ?? {};
	} catch {
		return undefined;
	}
}

/** npm notes what it installed in a lock file of its own, written last. */
function isInstalled() {
	const wanted = readLock('package-lock.json');
	const have = readLock('node_modules/.package-lock.json');
	if (wanted === undefined || have === undefined || !existsSync(join(root, 'node_modules/.bin/node'))) {
		return false;
	}
	return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
		const mayBeAbsent = path === '' || optional || devOptional || peer;
		return have[path] === undefined ? mayBeAbsent : have[path].version === version;
	});
}

function newest(path) {
	const full = join(root, path);
	if (!existsSync(full)) return 0;
	const { mtimeMs } = statSync(full);
	if (!statSync(full).isDirectory()) return mtimeMs;
	return Math.max(mtimeMs, ...readdirSync(full).map((name) => newest(join(path, name))));
}

function isBuilt() {
	const built = join(root, 'dist/sitrep.js');
	const sources = ['src', 'screens', 'playbooks', 'package-lock.json', 'rolldown.config.ts'];
	return existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.map(newest));
}

/** Runs npm and gives what it wrote; nothing where all went well. */
function npm(argv) {
	const script = process.env.npm_execpath;
	const [program, before] = script === undefined ? ['npm', []] : [process.execPath, [script]];
	const { status, stdout, stderr, error } = spawnSync(program, [...before, ...argv], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
	return status === 0 ? undefined : `${stdout ?? ''}${stderr ?? ''}${error === undefined ? '' : error.message}`.trimEnd() || `exit code ${status}`;
}

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

function install() {
	say('Installing packages (npm ci) ...');
	const failure = npm(['ci', ...quiet]);
	// A lock file written where only some platforms' packages could be seen is complete for npm install, and not for npm ci.
	return failure?.includes('EUSAGE') ? npm(['install', '--no-save', ...quiet]) : failure;
}

function build() {
	say('Building (npm run build) ...');
	return npm(['run', '--silent', 'build']);
}

function say(line) {
	process.stderr.write(`${line}\n`);
}

/** Ends with the first and the last lines of a failure: npm puts the reason first, a compiler puts it last. */
function insist(failure) {
	if (failure === undefined) return;
	const lines = failure.split('\n');
	say((lines.length <= 40 ? lines : [...lines.slice(0, 15), '...', ...lines.slice(-20)]).join('\n'));
	process.exit(1);
}

if (!isInstalled()) insist(install());
if (!isBuilt()) insist(build());
