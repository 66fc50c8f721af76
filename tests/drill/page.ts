import type { Done } from './drills.ts';
import type { PlaybookRecovery, Recovery } from './outcome.ts';

/** A whole recovery by a person who types no faster than this. */
export const missionKeysPerSecond = 3;

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const cell = (text: string): string => text.replaceAll('\n', ' ').replaceAll('|', '\\|');

const firstLine = (text: string): string => text.split('\n')[0]?.split('; the screen')[0] ?? '';

export const recoveredWords = ({ recoveredMs, failure }: Recovery): string => (failure === undefined ? (recoveredMs === undefined ? 'done' : seconds(recoveredMs)) : `**not healed**`);

/** What differs between the two, told and measured. */
export const differsWords = ({ exercise, written }: Done): string =>
	[exercise.written?.differs ?? '', ...(written?.failure === undefined ? [] : [firstLine(written.failure)]), ...(written?.facts ?? [])].filter((part) => part !== '').join('; ');

const stepsWords = ({ steps }: PlaybookRecovery): string => `${steps.carriedOut}, ${steps.changes} of them ${steps.changes === 1 ? 'a change' : 'changes'}`;

const failureRow = ({ playbook }: Done): string => (playbook.failure === undefined ? '' : ` **FAILED: ${cell(firstLine(playbook.failure))}**`);

const comparedRows = (all: readonly Done[]): readonly string[] =>
	all.flatMap((done) => {
		const { exercise, playbook, written } = done;
		const hand = written === undefined ? '-' : recoveredWords(written);
		return [`| ${cell(exercise.title)} | \`${exercise.playbook}\`${failureRow(done)} | ${stepsWords(playbook)} | ${playbook.keys} | ${recoveredWords(playbook)} | ${seconds(playbook.wholeMs)} | ${hand} | ${written?.keys ?? '-'} | ${cell(differsWords(done))} |`];
	});

const taskRows = (all: readonly Done[]): readonly string[] =>
	all.map((done) => `| ${cell(done.exercise.title)} | \`${done.exercise.playbook}\`${failureRow(done)} | ${stepsWords(done.playbook)} | ${done.playbook.keys} | ${seconds(done.playbook.wholeMs)} |`);

export const missionWords = ({ playbook, written, exercise }: Done): readonly string[] => [
	`${exercise.title}, playbook \`${exercise.playbook}\`: from the fault to the service healthy **${recoveredWords(playbook)}** (${playbook.keys} keys; the run with its verification was over after ${seconds(playbook.wholeMs)})`,
	...(written === undefined ? [] : [`the same by the written commands, typed at the same speed: ${recoveredWords(written)} (${written.keys} keys, over after ${seconds(written.wholeMs)})`]),
];

export interface Page {
	/** What the drills ran on, a fact a line. */
	readonly machine: readonly string[];
	readonly all: readonly Done[];
	readonly mission: Done;
	/** `2026-11-21` */
	readonly date: string;
	/** Runs of the command that the figures are from. */
	readonly runs: number;
	/** The part on rollbacks. */
	readonly rollbacks: readonly string[];
}

/** The page with every drill: docs/drills.md. */
export const drillsPage = ({ machine, all, mission, date, runs, rollbacks }: Page): string => {
	const faults = all.filter(({ exercise }) => exercise.trouble !== undefined);
	const compared = faults.filter(({ written }) => written !== undefined);
	const generic = faults.filter(({ written }) => written === undefined);
	const tasks = all.filter(({ exercise }) => exercise.trouble === undefined);
	const healedByHand = compared.filter(({ written }) => written?.failure === undefined && written?.facts.length === 0).length;
	return [
		'# Drills',
		'',
		'Every shipped playbook, proven: a fault is made for real on real containers (`sitrep drill`), the console is opened in a',
		'pseudo-terminal as a person would, the playbook is picked, started, and each change confirmed, and then the service itself',
		'is asked from outside: its container, `/health`, `/ready`, `/api/items`, and what the fault had broken. The same fault is',
		'then made once more on a fresh range and answered with the commands of the written runbook.',
		'',
		runs === 1 ? `One run of \`npm run drill\`, ${date}:` : `${runs} runs of \`npm run drill\`, some of them side by side, ${date}:`,
		'',
		...machine.map((fact) => `- ${fact}`),
		'',
		'## A whole P0 by a person',
		'',
		`Typing ${missionKeysPerSecond} keys a second, from a shell prompt:`,
		'',
		...missionWords(mission).map((line) => `- ${line}`),
		'',
		'## Faults of the P09 runbook',
		'',
		`The commands healed the service with nothing lost, gone or stuck in ${healedByHand} of ${compared.length} cases; the playbooks in ${compared.filter(({ playbook }) => playbook.failure === undefined && playbook.facts.length === 0).length}.`,
		'"Recovered" is the time from the fault, once it shows, to the service being well for good; the playbook goes on to verify',
		'that and to look for the cause ("over"). Keys are pressed as fast as the screen answers, and the commands run as a script',
		'in which each follows at once: a person is slower at both, in proportion to the keys. What is done by hand within a playbook,',
		'such as mending a setting, takes no time here.',
		'',
		'| fault | playbook | steps | keys | recovered | over | by the written commands | keys | what differs |',
		'|---|---|---|---|---|---|---|---|---|',
		...comparedRows(compared),
		'',
		...rollbacks,
		'## Any container',
		'',
		'| fault | playbook | steps | keys | recovered | over |',
		'|---|---|---|---|---|---|',
		...generic.map((done) => `| ${cell(done.exercise.title)} | \`${done.exercise.playbook}\`${failureRow(done)} | ${stepsWords(done.playbook)} | ${done.playbook.keys} | ${recoveredWords(done.playbook)} | ${seconds(done.playbook.wholeMs)} |`),
		'',
		'## Tasks on a service that is well',
		'',
		'Each is checked by its effect: the backup is unpacked and opened and holds the last row, the vacuum has given room back,',
		'the exported lines are JSON, the archive holds the logs that were removed.',
		'',
		'| task | playbook | steps | keys | over |',
		'|---|---|---|---|---|',
		...taskRows(tasks),
		'',
		'## To run it yourself',
		'',
		'`npm run drill` needs Linux, root, the programs of a Docker engine (`dockerd`, `containerd`), the `docker` command line, and `bash`,',
		'`jq`, `lsof` and `sqlite3`, which the playbooks or the written commands call. It starts a private engine and removes it again, with',
		'everything it made. `npm run drill -- NAME...` does some only and writes no page, `--list` names them, `--json` prints the figures;',
		'the exit code is 1 where a playbook does not do what it should. `--times 10` does each rollback that often.',
		'`--from FILE`, once or several times, writes the page from what runs with `--json` printed.',
		'',
	].join('\n');
};
