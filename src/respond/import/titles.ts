import type { PlaybookKind } from '../../domain/playbook/playbook.ts';
import type { Severity } from '../../domain/severity.ts';
import { severities } from '../../domain/severity.ts';

/** Longer ones are cut; characters. The format takes 200. */
const longest = 160;

/** At most so many characters, cut at a word where there is one. */
export const cut = (text: string, most = longest): string => {
	if (text.length <= most) return text;
	const short = text.slice(0, most - 1).toWellFormed();
	const space = short.lastIndexOf(' ');
	return `${(space > most / 2 ? short.slice(0, space) : short).trimEnd()}…`;
};

/**
 * One line of Markdown as plain words, without its marks; of very long text the beginning.
 * @param links what becomes of a link: its words, or its address behind them
 */
export const plainWords = (written: string, links: 'words' | 'address' = 'words'): string =>
	written
		.slice(0, 4000)
		.replaceAll(/!?\[([^\][]*)\]\(([^()\s]*)[^()]*\)/g, links === 'words' ? '$1' : '$1 ($2)')
		.replaceAll(/\*\*|__|~~/g, '')
		.replaceAll(/`+/g, '')
		.replaceAll(/(^|\s)[*_](?=\S)|(?<=\S)[*_](?=\s|$|[.,:;])/g, '$1')
		.replaceAll(/[\p{Extended_Pictographic}\u{FE0F}\u{200D}]+(?!\d)/gu, '')
		// Control characters, and what steers the direction of text.
		.replaceAll(/[\p{Cc}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]+/gu, ' ')
		.replaceAll(/\s+/g, ' ')
		.trim();

/** Words of a heading, without the colon at its end. */
export const headingTitle = (written: string): string => {
	const words = plainWords(written.replace(/\{#[\w-]+\}\s*$/, '')).replace(/[\s:]+$/, '');
	return words === '' ? 'Untitled' : cut(words);
};

/** P0 to P3, where a heading says so. */
export const severityIn = (title: string): Severity | undefined => {
	const found = /(?:^|[^\w/])(?:P|SEV-?)([0-3])(?![\w/])/i.exec(title)?.[1];
	return severities.find((each) => each === `P${found ?? ''}`);
};

const minutesOf: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1440 };

/** Minutes by which something is over: `until` since the beginning, `lasts` where only a duration is given. */
export interface Budget {
	readonly minutes: number;
	readonly from: 'beginning' | 'here';
}

/** `(0-5 minutes)`, `0–5 min`, `T+30 minutes`, `First 2 Hours`, `< 1 minute`; the last one where several stand there. */
export const budgetIn = (title: string): Budget | undefined => {
	const range = /(T\s*\+\s*|first\s+|within\s+)?(?:(\d+(?:\.\d+)?)\s*(?:[-–—]|to)\s*)?(\d+(?:\.\d+)?)\s*-?\s*(s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?)\b/i.exec(title);
	const [, since, low, high, unit] = range ?? [];
	if (high === undefined || unit === undefined) return undefined;
	const minutes = Number(high) * (minutesOf[unit[0]?.toLowerCase() ?? ''] ?? 1);
	// A range from 0 and what follows on from it count from the beginning.
	const from = since !== undefined || low !== undefined ? 'beginning' : 'here';
	return minutes >= 0.1 && minutes <= 10_080 ? { minutes: Math.round(minutes * 10) / 10, from } : undefined;
};

/** Titles that begin with a condition: what stands under them is one of several ways. */
export const isCondition = (title: string): boolean => /^(?:if|in case|when)\b/i.test(title);

/** A heading over causes, of which one is true. */
export const namesCauses = (title: string): boolean => /\b(?:causes?|common (?:fixes|issues|problems)|scenarios)\b/i.test(title);

const partWords =
	/^(?:immediate|investigat|diagnos|mitigat|recover|verif|validat|prepar|prerequisites?|tasks?$|inputs?$|outputs?$|output artifacts|symptoms?|resolution|actions?$|notes?$|detection$|triage$|escalation$|quality gate|handoff|common causes|expected|procedure$|steps$|commands?$|before$|after$|follow-?up|communication$)/i;

/** Whether a heading reads as a part of a procedure rather than as a procedure of its own. */
export const isPart = (title: string): boolean =>
	severityIn(title) === undefined && (/^(?:phase|step|stage|part)\s*\d+/i.test(title) || /^\d{1,3}[a-z]?(?:[.)]|\.\d+)*(?:[:\s]|$)/i.test(title) || isCondition(title) || partWords.test(title) || /\(.*\d.*(?:min|hour|sec)/i.test(title));

/** Whether what stands in the lists under a heading, or after a sentence, is to be checked one by one. */
export const asksForChecks = (title: string): boolean => /\bcheck|verif|validat|\bconfirm|\bensure\b|\bprerequisites?\b|\brequirements?\b|\bcriteria\b|\breadiness\b|\bsteps?\b|\btasks?\b|\bprocedures?\b|\bdaily\b|\bweekly\b|\bmonthly\b|\bmonitor/i.test(title);

/** What a playbook of this title is for. */
export const kindOf = (title: string, severity: Severity | undefined, changes: boolean): PlaybookKind => {
	if (/roll(?:ing)?[ -]?back|\brevert|back-?out/i.test(title)) return 'rollback';
	if (severity !== undefined) return 'incident';
	if (/pre-?deploy|post-?deploy|\bchecklist|\bvalidation/i.test(title)) return 'check';
	if (/deploy|\brelease|\broll-?out/i.test(title)) return 'deploy';
	if (/incident|crash|fail|outage|emergency|\bdown\b|degrad|troubleshoot|issues?\b|\berrors?\b|\bfull\b|\bleak|disaster|\bloss\b/i.test(title)) return 'incident';
	return changes ? 'maintenance' : 'check';
};

/** Small letters, digits and dashes; empty where nothing of the kind is in the text. */
export const slug = (text: string, most = 48): string => {
	const words = text
		.normalize('NFKD')
		.toLowerCase()
		.replaceAll(/['’]/g, '')
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-+|-+$/g, '');
	if (words.length <= most) return words;
	const short = words.slice(0, most);
	const dash = short.lastIndexOf('-');
	return (dash > most / 2 ? short.slice(0, dash) : short).replace(/-+$/, '');
};

/** Gives out names, each once: the second `verify` is `verify-2`. */
export const uniqueNames = (taken: Iterable<string> = [], glue = '-'): ((wanted: string) => string) => {
	const used = new Set(taken);
	const counts = new Map<string, number>();
	return (wanted) => {
		let name = wanted;
		let count = counts.get(wanted) ?? 1;
		while (used.has(name)) {
			count++;
			name = `${wanted}${glue}${count}`;
		}
		counts.set(wanted, count);
		used.add(name);
		return name;
	};
};
