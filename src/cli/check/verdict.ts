import { sanitiseText } from '../../domain/sanitise.ts';
import type { ServiceStatus, Situation } from '../../domain/situation.ts';
import { checkCodes } from '../exitCodes.ts';
import { summarise, summaryWords, worstFirst } from '../status/summary.ts';

export interface CheckResult {
	readonly code: number;
	/** First line with its performance data, then one line a service that is not well. */
	readonly lines: readonly string[];
}

const codeWords: Readonly<Record<number, string>> = {
	[checkCodes.ok]: 'OK',
	[checkCodes.warning]: 'WARNING',
	[checkCodes.critical]: 'CRITICAL',
	[checkCodes.unknown]: 'UNKNOWN',
};

/** A `|` would begin the performance data, and a line is one line. */
const checkText = (text: string): string => sanitiseText(text).replaceAll('|', '/');

/** First line of a check. */
const firstLine = (code: number, words: string, perfdata: string): string =>
	`SITREP ${codeWords[code] ?? 'UNKNOWN'}: ${checkText(words)}${perfdata === '' ? '' : ` | ${perfdata}`}`;

/** A check that could not be made. */
export const unknownCheck = (words: string, advice: string | undefined): CheckResult => ({
	code: checkCodes.unknown,
	lines: [firstLine(checkCodes.unknown, words, ''), ...(advice === undefined ? [] : advice.split('\n').map((line) => checkText(line)))],
});

/** Critical outranks warning, warning outranks unknown, as in most plugins that combine several results: known trouble is told first. */
const codeOf = (services: readonly ServiceStatus[]): number => {
	const { counts, unknown } = summarise(services);
	if (counts.P0 + counts.P1 > 0) return checkCodes.critical;
	if (counts.P2 + counts.P3 > 0) return checkCodes.warning;
	return unknown > 0 || services.length === 0 ? checkCodes.unknown : checkCodes.ok;
};

/** Labels stand in single quotes; a quote in them is doubled, `=` is not allowed. */
const label = (text: string): string => `'${checkText(text).replaceAll("'", "''").replaceAll('=', '_')}'`;

/**
 * Performance data (Nagios plugin guidelines): `label=value[unit];warn;crit;min;max`.
 * @param named the services were named: then their own figures follow
 */
const perfdata = (services: readonly ServiceStatus[], named: boolean): string => {
	const { counts, unknown } = summarise(services);
	const total = services.length;
	const items = [
		`p0=${counts.P0};;0;0;${total}`,
		`p1=${counts.P1};;0;0;${total}`,
		`p2=${counts.P2};0;;0;${total}`,
		`p3=${counts.P3};0;;0;${total}`,
		`unknown=${unknown};;;0;${total}`,
	];
	if (named) {
		for (const { service, figures, restarts } of services) {
			if (figures?.cpuPercent !== undefined) items.push(`${label(`${service.id} cpu`)}=${figures.cpuPercent.toFixed(1)}%;;;0;`);
			if (figures !== undefined) items.push(`${label(`${service.id} memory`)}=${Math.round(figures.memoryBytes)}B;;;0;${Math.round(figures.memoryLimitBytes)}`);
			items.push(`${label(`${service.id} restarts`)}=${restarts};;;0;`);
		}
	}
	return items.join(' ');
};

/** Judges the services for a monitoring system. */
export const judgeCheck = (situation: Situation, services: readonly ServiceStatus[], named: boolean): CheckResult => {
	const code = codeOf(services);
	const ranked = worstFirst(services);
	const worst = ranked[0];
	const where = situation.engine.target.name;
	const tell = worst !== undefined && worst.mark !== 'ok' && worst.mark !== '-';
	const words = `${summaryWords(summarise(services))} on ${where}${tell ? `; ${worst.service.id}: ${worst.reason}` : ''}`;
	const long = ranked
		.filter((status) => status.mark !== 'ok' && status.mark !== '-')
		.map((status) => checkText(`${status.mark} ${status.service.id}: ${status.reason}`));
	return { code, lines: [firstLine(code, words, perfdata(services, named)), ...long] };
};
