import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { testLimitMs } from './tests/support/patience.ts';

/** A folder for one report a run, as .ci/run wants them; a person has no use for them. */
const reports = process.env['SITREP_TEST_REPORTS'];

/** Tests on a real engine or in a real terminal wait for other processes most of their time: more of them at once than there are processors. */
const patient = { testTimeout: testLimitMs, hookTimeout: testLimitMs, maxWorkers: 4, sequence: { groupOrder: 1 } };

/** These wait for what takes its time: commands that outlive a kill, a database that is locked for seconds. Too slow for `npm run check`. */
const slow = ['tests/respond/process/{survival,commandSupervisor}.test.ts', 'tests/observe/probes/sqlite.test.ts', 'tests/respond/database/sqlite.test.ts'];

export default defineConfig({
	test: {
		...(reports === undefined ? {} : { reporters: ['default', ['json', { outputFile: join(reports, `${process.pid}.json`) }]] }),
		coverage: { include: ['src/**', 'screens/**'], reporter: ['text-summary', 'json-summary'] },
		projects: [
			{ extends: true, test: { name: 'unit', include: ['tests/**/*.test.{ts,tsx}'], exclude: ['tests/engine/**', 'tests/pty/**', ...slow], testTimeout: 20_000, maxWorkers: '100%' } },
			{ extends: true, test: { name: 'slow', include: slow, testTimeout: 20_000, maxWorkers: '100%' } },
			{
				extends: true,
				test: { name: 'engine', include: ['tests/{engine,pty}/**/*.test.{ts,tsx}'], globalSetup: ['tests/setup/engine.ts'], ...patient },
			},
		],
	},
});
