import { sanitiseText } from '../../domain/sanitise.ts';
import type { Style } from '../style.ts';
import { padEnd, widest } from '../text.ts';
import type { DoctorCheck } from './check.ts';

const headings: readonly (readonly [group: DoctorCheck['group'], title: string])[] = [
	['engine', 'Engine'],
	['permissions', 'Permissions'],
	['terminal', 'Terminal'],
	['versions', 'Versions'],
	['disk', 'Disk'],
];

/** One line a check, what to do below it, and a verdict at the end. */
export const doctorLines = (checks: readonly DoctorCheck[], style: Style): readonly string[] => {
	const width = widest(checks.map((check) => check.title));
	const lines: string[] = [];
	for (const [group, heading] of headings) {
		const members = checks.filter((check) => check.group === group);
		if (members.length === 0) continue;
		lines.push(style.strong(heading));
		for (const { state, title, words, advice } of members) {
			lines.push(`  ${style.state(state, padEnd(state, 4))}  ${padEnd(title, width)}  ${sanitiseText(words)}`);
			for (const [index, line] of (advice?.split('\n') ?? []).entries()) {
				lines.push(`  ${' '.repeat(4)}  ${' '.repeat(width)}  ${index === 0 ? '->' : '  '} ${sanitiseText(line.trim())}`);
			}
		}
	}
	lines.push(style.strong(verdictWords(checks)));
	return lines;
};

const verdictWords = (checks: readonly DoctorCheck[]): string => {
	const count = (state: DoctorCheck['state']): number => checks.filter((check) => check.state === state).length;
	const failed = count('fail');
	const warned = count('warn');
	if (failed + warned === 0) return `All ${checks.length} checks are ok.`;
	const parts = [...(failed > 0 ? [`${failed} failed`] : []), ...(warned > 0 ? [`${warned} to look at`] : [])];
	return `${checks.length} checks: ${parts.join(', ')}.`;
};
