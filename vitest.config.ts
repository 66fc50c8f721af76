import { defineConfig } from 'vitest/config';

/** Tests on a real engine or in a real terminal wait for other processes. */
const patient = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
	test: {
		coverage: { include: ['src/**', 'screens/**'], reporter: ['text-summary', 'json-summary'] },
		projects: [
			{ extends: true, test: { name: 'unit', include: ['tests/**/*.test.{ts,tsx}'], exclude: ['tests/engine/**', 'tests/pty/**'] } },
			{
				extends: true,
				test: { name: 'engine', include: ['tests/{engine,pty}/**/*.test.{ts,tsx}'], globalSetup: ['tests/setup/engine.ts'], ...patient },
			},
		],
	},
});
