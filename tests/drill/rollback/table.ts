import { median, percentile } from '../../bench/statistics.ts';
import type { Recovery } from '../outcome.ts';
import type { RollbackCase } from './case.ts';
import type { RollbackRecovery } from './outcome.ts';

/** A case with what came of it each time. */
export interface RollbackDone {
	readonly about: RollbackCase;
	readonly times: readonly RollbackRecovery[];
	/** The same by the written commands, once; absent where they were not tried. */
	readonly written?: Recovery;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const cell = (text: string): string => text.replaceAll('\n', ' ').replaceAll('|', '\\|');

const firstLine = (text: string): string => text.split('\n')[0]?.split('; the screen')[0] ?? '';

const spreadOf = (values: readonly number[], words: (value: number) => string): string => {
	if (values.length === 0) return '-';
	const [middle, worst] = [median(values), percentile(values, 1)];
	return values.length === 1 ? words(middle) : `${words(middle)}, ${words(worst)}`;
};

/** `9 x 1.0.0, 1 x nothing`. */
const endedWords = (times: readonly RollbackRecovery[]): string => {
	const counts = new Map<string, number>();
	for (const { endedOn } of times) counts.set(endedOn === '' ? 'nothing' : endedOn, (counts.get(endedOn === '' ? 'nothing' : endedOn) ?? 0) + 1);
	return [...counts].map(([version, count]) => (times.length === 1 ? version : `${count} x ${version}`)).join(', ');
};

const movedOf = (times: readonly RollbackRecovery[]) => times.flatMap(({ requests }) => (requests === undefined ? [] : [requests]));

const countWords = (count: number): string => String(Math.round(count));

const secondsWords = (value: number): string => `${Math.round(value)} s`;

const msWords = (ms: number): string => `${Math.round(ms)} ms`;

/** What came of a case, one line each: for the terminal. */
export const rollbackWords = ({ about, times, written }: RollbackDone): readonly string[] => {
	const moved = movedOf(times);
	const failures = times.flatMap(({ failure }) => (failure === undefined ? [] : [firstLine(failure)]));
	return [
		`ended on ${endedWords(times)}; up ${times.filter(({ up }) => up).length} of ${times.length}; fault to healthy ${spreadOf(recoveredOf(times), seconds)}; keys ${spreadOf(times.map(({ keys }) => keys), countWords)}`,
		`while it moved: ${spreadOf(moved.map(({ failed }) => failed), countWords)} of ${spreadOf(moved.map(({ sent }) => sent), countWords)} requests failed, longest gap ${spreadOf(moved.map(({ longestGapMs }) => longestGapMs), msWords)}`,
		`since the fault: ${spreadOf(sinceFault(times), countWords)} requests failed`,
		...(restoresOf(times).length === 0 ? [] : [`restored: ${restoredWords(times)}`]),
		...failures.map((failure) => `FAILED: ${failure}`),
		...(written === undefined ? [] : [`written commands: ${writtenWords(about, written)}`]),
	];
};

const restoresOf = (times: readonly RollbackRecovery[]) => times.flatMap(({ restored }) => (restored === undefined ? [] : [restored]));

/** The data goes back so far (RPO), and the restore itself takes so long (RTO); from the fault to healthy stands elsewhere. */
const restoredWords = (times: readonly RollbackRecovery[]): string => {
	const restores = restoresOf(times);
	const rows = restores.flatMap(({ rowsLost }) => (rowsLost === undefined ? [] : [rowsLost]));
	return `RPO ${spreadOf(restores.map(({ rpoSeconds }) => rpoSeconds), secondsWords)}, RTO of the restore ${spreadOf(restores.map(({ rtoMs }) => rtoMs), msWords)}, rows lost that were written after the backup ${spreadOf(rows, countWords)}`;
};

const recoveredOf = (times: readonly RollbackRecovery[]): readonly number[] => times.flatMap(({ recoveredMs, failure }) => (recoveredMs === undefined || failure !== undefined ? [] : [recoveredMs]));

const sinceFault = (times: readonly RollbackRecovery[]): readonly number[] => times.flatMap((each) => (each.sinceFault === undefined ? [] : [each.sinceFault.failed]));

const writtenWords = (about: RollbackCase, written: Recovery): string =>
	[written.failure === undefined ? (written.recoveredMs === undefined ? 'done' : seconds(written.recoveredMs)) : '**not healed**', about.written?.differs ?? '', ...(written.failure === undefined ? [] : [firstLine(written.failure)]), ...written.facts].filter((part) => part !== '').join('; ');

/** The part of the page on rollbacks. @param person the same by somebody who types no faster than so many keys a second */
export const rollbackSection = (all: readonly RollbackDone[], person?: { readonly keysPerSecond: number; readonly done: RollbackRecovery }): readonly string[] => {
	const rows = all.map(({ about, times }) => {
		const moved = movedOf(times);
		const failed = times.filter(({ failure }) => failure !== undefined);
		const note = failed.length === 0 ? '' : ` **FAILED ${failed.length}: ${cell(firstLine(failed[0]?.failure ?? ''))}**`;
		return `| ${cell(about.title)}${note} | ${times.length} | ${endedWords(times)} | ${times.filter(({ up }) => up).length} | ${spreadOf(recoveredOf(times), seconds)} | ${spreadOf(moved.map((each) => each.failed), countWords)} | ${spreadOf(moved.map((each) => each.longestGapMs), msWords)} | ${spreadOf(sinceFault(times), countWords)} | ${spreadOf(times.map(({ keys }) => keys), countWords)} |`;
	});
	const compared = all.flatMap(({ about, written }) => (written === undefined ? [] : [`| ${cell(about.title)} | ${cell(writtenWords(about, written))} |`]));
	const restored = all.flatMap(({ about, times }) => (restoresOf(times).length === 0 ? [] : [`${about.title}: a backup is restored besides; ${restoredWords(times)}, named by table before it ran.`, '']));
	return [
		'## Rollbacks',
		'',
		'A bad version is deployed for real, and a person at the console presses `r`, takes the first playbook (`p09-rollback`), decides to roll back,',
		'takes the version that is suggested, sees the plan, and confirms each change; the run then verifies by itself. A load generator in the range counts',
		'every request from the moment the fault shows, and another one asks the published port 20 times a second from outside: what failed',
		'while the service was being moved, and the longest time without an answer, are its count. Where a case was done several times, figures are the median and the worst.',
		'That the last good version had been healthy in the days before is written into the record beforehand; all else happens.',
		'',
		...(person === undefined
			? []
			: [`Typing ${person.keysPerSecond} keys a second, from a shell prompt, a version that crashes at its start: from the fault to the service healthy on the old version **${person.done.failure === undefined && person.done.recoveredMs !== undefined ? seconds(person.done.recoveredMs) : 'not healed'}** (${person.done.keys} keys; the run with its verification was over after ${seconds(person.done.wholeMs)}).`, '']),
		'| the new version | times | ended on | up | fault to healthy | failed while it moved | longest gap | failed since the fault | keys |',
		'|---|---|---|---|---|---|---|---|---|',
		...rows,
		'',
		...restored,
		...(compared.length === 0 ? [] : ['The same by the rollback steps of the P09 SOP, once each, as a script:', '', '| the new version | by the written commands |', '|---|---|', ...compared, '']),
	];
};
