import { describe, expect, it } from 'vitest';
import { examplePlaybook } from '../../../src/respond/playbook/example.ts';
import { lintText } from '../../../src/respond/playbook/lint.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';
import { playbookReference } from '../../../src/respond/playbook/reference.ts';

describe('playbookReference', () => {
	// `vitest run tests/respond/playbook/reference.test.ts -u` writes the page anew.
	it('is what docs/playbooks.md holds', async () => {
		await expect(playbookReference()).toMatchFileSnapshot('../../../docs/playbooks.md');
	});

	it('shows an example that loads', () => {
		expect(loadPlaybook(examplePlaybook, 'example', 'shop').problems).toEqual([]);
	});

	it('shows an example that lint has nothing to say of', () => {
		const other = loadPlaybook(examplePlaybook.replace('id: shop-api-down', 'id: shop-restore'), 'example', 'shop').loaded;
		const library = new Map(other === undefined ? [] : [['shop-restore', other.playbook]]);
		expect(lintText(examplePlaybook, 'example', { library })).toEqual([]);
	});

	it('says something of every key', () => {
		const empty = playbookReference()
			.split('\n')
			.filter((line) => /^\| `\w+` \| [^|]* \|\s*\|$/.test(line));
		expect(empty).toEqual([]);
	});
});
