import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

/**
 * Libraries that a library of ours loads for things we never ask of it: Ink's development tools, docker-modem's own ssh
 * (sitrep goes through the system's, which checks host keys) and dockerode's BuildKit sessions. They would cost
 * most of the start-up time.
 */
const unused = new Set(['react-devtools-core', 'ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs']);

const stubs = {
	name: 'unused-libraries',
	resolveId: (id: string) => (unused.has(id) ? `\0unused:${id}` : null),
	load: (id: string) => (id.startsWith('\0unused:') ? 'export default {};' : null),
};

/**
 * Yoga carries its code as a `data:` address and fetches it where there is a `fetch`. In Node that loads a whole HTTP client
 * for it, some 80 ms before the first frame; without one it decodes the same bytes in about a millisecond.
 */
const yogaWithoutFetch = {
	name: 'yoga-without-fetch',
	transform: (code: string, id: string) => (id.includes('yoga-wasm-base64') ? code.replaceAll('typeof fetch', 'typeof undefined') : null),
};

const textFile = (name: string): string => fileURLToPath(new URL(`src/domain/text/${name}`, import.meta.url));

/** Ink measures and takes apart every row of every frame with libraries made for any text: ours know what is simple. */
const quickWidth = {
	name: 'quick-width',
	resolveId: (id: string, importer: string | undefined) => (id === 'string-width' && importer !== textFile('width.ts') ? textFile('width.ts') : null),
};

/** The range's service runs inside its own containers: its files go beside the bundle as they are. */
const rangeService = {
	name: 'range-service',
	writeBundle: () => cpSync('src/drill/service', 'dist/range', { recursive: true }),
};

export default defineConfig({
	input: {
		sitrep: 'src/main.ts',
		sqliteChild: 'src/observe/probes/sqlite/child.ts',
		stepSupervisor: 'src/respond/process/supervisor.ts',
		stepTool: 'src/main/stepTool.ts',
	},
	platform: 'node',
	external: ['better-sqlite3'],
	transform: {
		define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"', 'Intl.Segmenter': 'GraphemeSegmenter' },
		inject: { GraphemeSegmenter: [textFile('graphemes.ts'), 'GraphemeSegmenter'] },
		target: 'node22',
	},
	plugins: [stubs, yogaWithoutFetch, quickWidth, rangeService],
	output: {
		dir: 'dist',
		format: 'esm',
		minify: { compress: true, mangle: false, codegen: false },
		chunkFileNames: '[name].js',
		cleanDir: true,
	},
});
