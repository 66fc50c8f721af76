import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { configReference, exampleConfig } from '../../src/config/reference.ts';
import { rulesFromConfig } from '../../src/config/rules.ts';
import { createJudge } from '../../src/judge/judge.ts';

describe('configReference', () => {
	// `vitest run tests/config -u` writes the page anew.
	it('is what docs/configuration.md holds', async () => {
		await expect(configReference()).toMatchFileSnapshot('../../docs/configuration.md');
	});

	it('shows an example that holds', () => {
		expect(() => createJudge(rulesFromConfig(parseConfig(exampleConfig, 'example')))).not.toThrow();
	});

	it('says something of every key', () => {
		const empty = configReference()
			.split('\n')
			.filter((line) => /^\| `\w+` \| [^|]* \|\s*\|$/.test(line));
		expect(empty).toEqual([]);
	});
});
