import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Bench } from './bench.ts';
import { figures } from './figures/index.ts';
import { describeMachine } from './machine.ts';
import { performancePage, type Measured } from './report.ts';
import { benchJson, readBench, type BenchResults } from './results.ts';

const { values: flags, positionals: asked } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' }, from: { type: 'string', multiple: true } } });
const unknown = asked.filter((id) => figures.every((figure) => figure.id !== id));
if (unknown.length > 0) {
	console.error(`no such figure: ${unknown.join(', ')}\nThere are: ${figures.map((figure) => figure.id).join(', ')}`);
	process.exit(2);
}
const chosen = asked.length === 0 ? figures : figures.filter((figure) => asked.includes(figure.id));
/** Progress goes where it does not mix with the answer. */
const say = (line: string): void => (flags.json === true ? console.error(line) : console.log(line));

const writePage = async (results: BenchResults, runs: number): Promise<void> => {
	const missing = figures.filter((figure) => results.measured.every((each) => each.figure !== figure));
	if (missing.length > 0) throw new Error(`for the page are missing: ${missing.map(({ id }) => id).join(', ')}`);
	await writeFile(new URL('../../docs/performance.md', import.meta.url), performancePage(results, runs));
	say('\nwritten: docs/performance.md');
};
if (flags.from !== undefined) {
	await writePage(await readBench(flags.from, figures), flags.from.length);
	process.exit(0);
}

const bench = await Bench.open();
const measured: Measured[] = [];
const failed: string[] = [];
let stopping = false;
const stop = (): void => {
	if (stopping) process.exit(130);
	stopping = true;
	console.error('stopping; once more to leave everything behind');
};
process.on('SIGINT', stop).on('SIGTERM', stop);
try {
	const machine = await describeMachine(bench.docker);
	for (const fact of machine) say(fact);
	for (const figure of chosen) {
		if (stopping) break;
		say(`\n${figure.title}: ${figure.promise}`);
		try {
			const outcomes = await figure.run(bench);
			measured.push({ figure, outcomes });
			for (const outcome of outcomes) {
				say(`  ${outcome.reached ? 'reached' : 'MISSED '}  ${outcome.measured}`);
				for (const fact of outcome.beside) say(`           ${fact}`);
			}
		} catch (error) {
			// One figure that cannot be measured must not take the others with it.
			failed.push(figure.id);
			say(`  FAILED   ${error instanceof Error ? error.message : String(error)}`);
		} finally {
			await bench.removeOwn();
		}
	}
	const results: BenchResults = { machine, date: new Date().toISOString().slice(0, 10), measured, failed };
	if (flags.json === true) console.log(benchJson(results));
	if (asked.length === 0 && failed.length === 0 && !stopping) await writePage(results, 1);
} finally {
	await bench.close();
}
process.exitCode = failed.length > 0 || stopping ? 1 : 0;
