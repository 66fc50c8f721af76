import { describe, expect, it } from 'vitest';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';
import { reviewedText } from '../../../src/respond/playbook/review.ts';
import { importRunbook } from '../../../src/respond/import/importRunbook.ts';

const draft = `# A draft.
schemaVersion: 1
id: restart
version: 0.1.0
kind: maintenance
title: Restart
draft: true # not yet
steps:
  # change: docker restart
  - id: restart
    risk: change
    run: [docker, restart, '\${{params.name}}'] # as written
    timeoutSeconds: 60
params:
  name: {type: container}
`;

const at = Date.UTC(2026, 10, 21, 23, 59);

const loadedFrom = (text: string) => {
	const { loaded, problems } = loadPlaybook(text, 'x.yaml', 'p');
	expect(problems).toEqual([]);
	if (loaded === undefined) throw new Error('not read');
	return loaded.playbook;
};

describe('a reviewed draft', () => {
	it('is no draft, says who reviewed it, and is the same in everything else', () => {
		const before = loadedFrom(draft);
		const after = loadedFrom(reviewedText(draft, 'kim', at));
		expect(before.draft).toBe(true);
		expect(after).toEqual({ ...before, draft: false, notes: ['Reviewed by kim on 2026-11-21.'] });
	});

	it('keeps its comments and the order of its keys', () => {
		const text = reviewedText(draft, 'kim', at);
		expect(text.split('\n').filter((line) => line.includes('#'))).toEqual(['# A draft.', '  # change: docker restart', expect.stringContaining('# as written')]);
		expect(text.indexOf('steps:')).toBeLessThan(text.indexOf('params:'));
	});

	it('adds to the notes there are', () => {
		const text = draft.replace('steps:', 'notes: [First.]\nsteps:');
		expect(loadedFrom(reviewedText(text, 'kim "the" op: #1', at)).notes).toEqual(['First.', 'Reviewed by kim "the" op: #1 on 2026-11-21.']);
	});

	it('can be one that was imported', () => {
		const { files } = importRunbook('# Shop\n\n## Restart\n\nFirst look.\n\n```bash\n# 1. Look\ndocker ps | grep <name>\n\n# 2. Edit\nvi a.yml\n```\n\n- [ ] done?', { file: 'shop.md', pack: 'shop' });
		expect(files).toHaveLength(1);
		for (const { text } of files) {
			const before = loadedFrom(text);
			expect(loadedFrom(reviewedText(text, 'kim', at))).toEqual({ ...before, draft: false, notes: [...before.notes, 'Reviewed by kim on 2026-11-21.'] });
		}
	});
});
