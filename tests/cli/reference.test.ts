import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { cliReference } from '../../src/cli/reference/page.ts';
import { memoryPorts } from './ports.ts';

const page = new URL('../../docs/cli.md', import.meta.url);

test('docs/cli.md says what the command tree and the JSON shapes say (UPDATE_GOLDENS=1 writes it)', () => {
	const text = cliReference(buildProgram(memoryPorts()));
	if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(page, text);
	expect(readFileSync(page, 'utf8')).toBe(text);
});
