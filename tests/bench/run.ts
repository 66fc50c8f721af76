import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { Bench } from './bench.ts';
import { figures } from './figures/index.ts';
import { describeMachine } from './machine.ts';
import { performancePage, type Measured } from './report.ts';

const asked = process.argv.slice(2);
const unknown = asked.filter((id) => figures.every((figure) => figure.id !== id));
if (unknown.length > 0) {
	console.error(`no such figure: ${unknown.join(', ')}\nThere are: ${figures.map((figure) => figure.id).join(', ')}`);
	process.exit(2);
}
const chosen = asked.length === 0 ? figures : figures.filter((figure) => asked.includes(figure.id));

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
	for (const fact of machine) console.log(fact);
	for (const figure of chosen) {
		if (stopping) break;
		console.log(`\n${figure.title}: ${figure.promise}`);
		try {
			const outcomes = await figure.run(bench);
			measured.push({ figure, outcomes });
			for (const outcome of outcomes) {
				console.log(`  ${outcome.reached ? 'reached' : 'MISSED '}  ${outcome.measured}`);
				for (const fact of outcome.beside) console.log(`           ${fact}`);
			}
		} catch (error) {
			// One figure that cannot be measured must not take the others with it.
			failed.push(figure.id);
			console.log(`  FAILED   ${error instanceof Error ? error.message : String(error)}`);
		} finally {
			await bench.removeOwn();
		}
	}
	if (asked.length === 0 && failed.length === 0 && !stopping) {
		await writeFile(new URL('../../docs/performance.md', import.meta.url), performancePage(machine, measured, new Date().toISOString().slice(0, 10)));
		console.log('\nwritten: docs/performance.md');
	}
} finally {
	await bench.close();
}
process.exitCode = failed.length > 0 || stopping ? 1 : 0;
