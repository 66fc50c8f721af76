import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keysReference } from '../../src/console/keysReference.ts';

const page = new URL('../../docs/keys.md', import.meta.url);

test('docs/keys.md says what the keymap says (UPDATE_GOLDENS=1 writes it)', () => {
	const text = keysReference();
	if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(page, text);
	expect(readFileSync(page, 'utf8')).toBe(text);
});
