import type { Figure, Outcome } from './figure.ts';
import type { BenchResults } from './results.ts';

export interface Measured {
	readonly figure: Figure;
	readonly outcomes: readonly Outcome[];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The page with every figure: docs/performance.md. @param runs of the command that the figures are from */
export const performancePage = ({ machine, measured, date }: Omit<BenchResults, 'failed'>, runs: number): string => {
	const rows = measured.flatMap(({ figure, outcomes }) =>
		outcomes.map((outcome, index) => `| ${index === 0 ? cell(figure.title) : ''} | ${index === 0 ? cell(figure.promise) : ''} | ${cell(outcome.measured)} | ${outcome.reached ? 'yes' : 'no'} |`),
	);
	const details = measured.flatMap(({ figure, outcomes }) => [
		`### ${figure.title}`,
		'',
		`\`npm run bench -- ${figure.id}\`: ${figure.method}.`,
		'',
		...outcomes.flatMap((outcome) => [`- **${outcome.measured}**`, ...outcome.beside.map((fact) => `  - ${fact}`)]),
		'',
	]);
	return [
		'# Performance',
		'',
		`What the console promises, and what ${runs === 1 ? 'one run' : `${runs} runs`} of \`npm run bench\` measured. A run is made on a real engine of its own,`,
		'with real containers, in a real pseudo-terminal; where a figure is a ratio, the docker command line is measured on the',
		'same machine in the same minutes. Absolute times depend on the machine: run it on yours.',
		'',
		`Measured ${date}:`,
		'',
		...machine.map((fact) => `- ${fact}`),
		'',
		'| figure | promise | measured | reached |',
		'|---|---|---|---|',
		...rows,
		'',
		'## How, and what stands beside it',
		'',
		...details,
		'## To run it yourself',
		'',
		'`npm run bench` needs Linux, root and a Docker engine\'s programs (`dockerd`, `containerd`), the `docker` command line and a static `busybox`.',
		'It starts a private engine and removes it again; `SITREP_BENCH_ENGINE=unix://…` names another one (then the engine\'s own cost',
		'cannot be told). `npm run bench -- FIGURE…` measures some figures only and writes no page; with `--json`',
		'it prints what `--from FILE`, once or several times, makes the page of. `SITREP_BENCH_PEERS=/path/to/lazydocker:/path/to/ctop`',
		'measures the idle cost of other programs beside.',
		'',
	].join('\n');
};
