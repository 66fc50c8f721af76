'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

delete process.env.SITREP_RELAUNCHED;
if (process.env.SITREP_ALLOCATOR !== undefined) {
	for (const name of ['SITREP_ALLOCATOR', 'MALLOC_ARENA_MAX', 'MALLOC_TRIM_THRESHOLD_']) delete process.env[name];
}
// Libraries that are not in the bundle read it on their first import.
process.env.NODE_ENV ??= 'production';

// In the person's own cache: compiled code in a shared temporary folder could be somebody else's.
const caches = process.env.XDG_CACHE_HOME || path.join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
enableCompileCache(process.env.NODE_COMPILE_CACHE || path.join(caches, 'sitrep', 'compiled'));

const bundle = path.join(__dirname, '..', 'dist', 'sitrep.js');
if (existsSync(bundle)) {
	void import(pathToFileURL(bundle).href);
} else {
	process.stderr.write(`sitrep: ${bundle} is missing: this is a checkout that was not built yet.\nRun: npm ci && npm run build   (npm start does both)\n`);
	process.exitCode = 2;
}
