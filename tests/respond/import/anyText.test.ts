import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lintText } from '../../../src/respond/playbook/lint.ts';
import { importRunbook } from '../../../src/respond/import/importRunbook.ts';
import { blocksIn, fence, imported } from './support.ts';

const words = fc.constantFrom('Restart the shop', 'P1: Errors', 'If x', 'Step 2: go (5 min)', 'Expected: ok', '', '**Bold:**', '🚀 x', '${{ a }}', '<name>', 'a'.repeat(300), '`docker ps -a`', '- [ ] box', '| a | b |\n|---|---|\n| 1 | 2 |', '<details><summary>x</summary>', '[^1]: note', '[a]: http://b', '> quote\n> ```sh\n> ls\n> ```', '---', '***', '\t- deep\n\t\t- deeper', '~~~', '```', '```bash', '    ls -la', '$ ls', '1) one\n2) two', 'a  \nb', '\u001B[2J', '\u0000', '\uD800', '\u2028', '\uE0000\uE001', '&amp;', '\\', '---\ntitle: x\n---');
const commands = fc.constantFrom('ls', 'rm -rf /', 'docker logs -f x', 'vi x', 'cat <<E\n<x>\nE', 'cat <<E', 'if x', '# 1. y', '# Expected: {"a":1}', '', 'cd /x', 'X=$(y)', 'echo $X <z>', "echo '<q>' [component]", '`<a>`', '${{ x }}', 'f() { :; }', 'a | b || true &', 'watch', 'docker', 'less', 'exec >x', 'set -e', '...', '# If a', '$ prompt', '\\', '((', '\u0007', 'time', '! a', 'a;b;c', 'rm "$TOKEN" <PASSWORD>', 'top -f', 'tail -f', 'kubectl get -w', 'rm ${{ y }}', 'rm -rf $P_x', 'echo YOUR_TOKEN', "sh -c 'rm <x>'");
const languages = fc.constantFrom('bash', 'sh', '', 'json', 'console', '{.bash}', 'BASH title=x', 'ünï');
const block = fc.tuple(languages, fc.array(commands, { maxLength: 8 }), fc.constantFrom('', '   ', '- ', '> ')).map(([language, lines, indent]) => fence(lines.join('\n'), language).replaceAll(/^/gm, indent));
const heading = fc.tuple(fc.integer({ min: 1, max: 7 }), words).map(([level, text]) => `${'#'.repeat(level)} ${text}`);
const item = fc.tuple(fc.constantFrom('- ', '- [ ] ', '1. ', '   - ', '* [x] ', '> '), words).map(([mark, text]) => mark + text);
const markdown = fc.tuple(fc.array(fc.oneof(words, block, heading, item, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 25 }), fc.constantFrom('\n', '\n\n', '\r\n', '\r\n\r\n', '\r')).map(([parts, end]) => parts.join(end));

describe('any text', () => {
	it('is imported without a throw, into drafts that load and have no errors, with every block accounted for', () => {
		fc.assert(
			fc.property(markdown, fc.string({ maxLength: 40 }), (text, pack) => {
				const { report } = imported(text, pack);
				const [all = 0, asSteps = 0, leftOut = 0] = blocksIn(report);
				expect(asSteps + leftOut).toBe(all);
				const others = Number(/(\d+) other blocks? of code/.exec(report.lines.join('\n'))?.[1]);
				expect(report.lines.filter((line) => line.includes(' is no step: '))).toHaveLength(leftOut + others);
				// A draft with errors could not be reviewed: what would be one is a step by hand.
				for (const file of report.files) expect(lintText(file.text, file.name).filter(({ level }) => level === 'error')).toEqual([]);
				for (const line of report.lines) expect(line).not.toMatch(/[\n\r]/);
			}),
			{ numRuns: 250 },
		);
	});

	it('is imported without a throw even where it is no text', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
				imported(Buffer.from(bytes).toString('utf8'));
				imported(Buffer.from(bytes).toString('latin1'));
			}),
			{ numRuns: 60 },
		);
	});

	it('gives the same files each time', () => {
		fc.assert(
			fc.property(markdown, (text) => {
				const about = { file: 'a.md', pack: 'a' };
				expect(importRunbook(text, about)).toEqual(importRunbook(text, about));
			}),
			{ numRuns: 40 },
		);
	});
});

describe('nothing is lost', () => {
	const places: readonly ((mark: string) => string)[] = [
		(mark) => `## ${mark}`,
		(mark) => `### P2: ${mark} (5 min)`,
		(mark) => `A sentence with ${mark}.`,
		(mark) => `**${mark}:**`,
		(mark) => `- a note of ${mark}`,
		(mark) => `- [ ] ${mark}\n  - and ${mark}below`,
		(mark) => `- [ ] ${mark}\n\n  with a second paragraph of ${mark}second`,
		(mark) => `1. ${mark}\n   ${fence(`ls ${mark}listed`).replaceAll('\n', '\n   ')}`,
		(mark) => `1. ${mark}\n   ${fence(`{"a": "${mark}json"}`, 'json').replaceAll('\n', '\n   ')}`,
		(mark) => `| ${mark} | b |\n|---|---|\n| ${mark}cell | 2 |`,
		(mark) => `> ${mark} said`,
		(mark) => `<div>${mark}</div>`,
		(mark) => `[${mark}]: http://${mark}.example`,
		(mark) => `Expected: ${mark}`,
		(mark) => `Expected output:\n\n${fence(`${mark}\nand more`, 'text')}`,
		(mark) => `    indented ${mark}`,
		(mark) => fence(`# ${mark}`),
		(mark) => fence(`# 1. ${mark}\nls ${mark}a # ${mark}b\n# ${mark}c\n\n# ${mark}d\n\n# If ${mark}e: f\n# ${mark}g`),
		(mark) => fence(`# ${mark}\n\n# ${mark}2\ncd /${mark}3\nrm <${mark}4>; vi ${mark}5\nset -e # ${mark}6\ntop ${mark}7`),
		(mark) => fence(`cat <<'E'\n${mark}\nE\n# Expected: ${mark}2 and more\n# Expected: ${mark}3`),
		(mark) => fence(`if ${mark}`),
		(mark) => fence(`{"${mark}": 1}`, 'json'),
		(mark) => fence(mark, ''),
		(mark) => fence(`$ ls ${mark}\n${mark}printed\n${mark}more`, 'console'),
	];

	const marked = fc.array(fc.nat({ max: places.length - 1 }), { minLength: 1, maxLength: 15 }).map((chosen) => {
		const text = chosen.map((place, index) => places[place]?.(`mark${'abcdefghijklmnopqrstuvwxyz'[index] ?? ''}q`) ?? '').join('\n\n');
		return { text, marks: [...new Set(text.match(/mark[a-z]q\w*/g))] };
	});

	it('every word of a runbook is somewhere in its drafts, or in the report', () => {
		fc.assert(
			fc.property(marked, ({ text, marks }) => {
				const { report, steps } = imported(text);
				// Read back: a word may be cut by an escape in the file. A heading over nothing is told of in the report.
				const kept = JSON.stringify([report.files.map((file): unknown => parse(file.text)), steps, report.lines]);
				for (const mark of marks) expect(kept.includes(mark), `${mark} of\n${text}`).toBe(true);
			}),
			{ numRuns: 250 },
		);
	});
});

describe('odd texts', () => {
	it('reads CR LF and CR as line ends, and skips a byte order mark', () => {
		const text = `# A\n\n## B\n\n${fence('ls')}\n\n- [ ] c`;
		const files = imported(text).report.files;
		expect(imported(`\uFEFF${text.replaceAll('\n', '\r\n')}`).report.files).toEqual(files);
		expect(imported(text.replaceAll('\n', '\r')).report.files).toEqual(files);
	});

	it('keeps front matter as text, and the numbers of lines', () => {
		const found = imported(`---\ntitle: Mine\ntags: [a]\n---\n\n# A\n\n## B\n\n${fence('ls')}`);
		expect(found.text).toContain('title: Mine');
		expect(found.steps[0]?.source).toBe('B, line 10');
	});

	it.each(['\u2028', '\u00A0', '\uFEFF'])('gives a title to a command that nobody can see (%j)', (blank) => {
		const found = imported(`## A\n\n${fence(`ls\n${blank}`)}`);
		expect(found.steps.map(({ title }) => title)).toEqual(['A', 'a command that cannot be seen']);
	});

	it('takes an unclosed fence to the end', () => {
		const found = imported('## A\n\n```bash\nls\n\n## no heading\ndf -h');
		expect(found.steps.map(({ title }) => title)).toEqual(['A', 'no heading']);
	});

	it.each([
		['a line of a megabyte', `## A\n\n${'word '.repeat(200_000)}\n\n${fence('ls')}\n\n- [ ] box`],
		['a megabyte of lines', `## A\n\n${fence('ls')}\n\n- [ ] box\n\n${'some words\n'.repeat(95_000)}`],
		['a deep nest', `${'>'.repeat(5000)} a\n\n## A\n\n${fence('ls')}\n\n- [ ] box`],
		['deep lists', `${Array.from({ length: 400 }, (_, index) => `${' '.repeat(index * 2)}- a`).join('\n')}\n\n## A\n\n${fence('ls')}\n\n- [ ] box`],
		['a wide table', `|${'a|'.repeat(5000)}\n|${'-|'.repeat(5000)}\n\n## A\n\n${fence('ls')}\n\n- [ ] box`],
	])('reads %s line by line, and says so', (_name, text) => {
		const began = performance.now();
		const found = imported(text);
		expect(performance.now() - began).toBeLessThan(20_000);
		expect(found.report.lines.some((line) => line.startsWith('read line by line, because '))).toBe(true);
		expect(blocksIn(found.report)).toEqual([1, 1, 0]);
		expect(found.report.lines).toContain('1 check to tick by hand, 1 of them with a box in the runbook');
	});

	it.each([
		['one long command', `echo ${'a'.repeat(60_000)}`],
		['many commands', 'ls\n'.repeat(3000)],
		['a long comment', `# ${'word '.repeat(10_000)}\nls`],
		['many comments', `${'# some words\n'.repeat(5000)}\nls`],
		['a long here-document', `cat > a <<'E'\n${'line of text\n'.repeat(5000)}E`],
	])('keeps %s whole, in several steps', (_name, script) => {
		const found = imported(`## A\n\n${fence(script)}`);
		expect(blocksIn(found.report)).toEqual([1, 1, 0]);
		const kept = found.steps.reduce((sum, step) => sum + JSON.stringify(step).length, 0);
		expect(kept).toBeGreaterThan(script.length * 0.8);
	});
});
