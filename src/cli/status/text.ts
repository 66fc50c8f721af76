import { sanitiseText } from '../../domain/sanitise.ts';
import type { ServiceStatus, Situation } from '../../domain/situation.ts';
import { clockTime } from '../clockTime.ts';
import { engineWords } from '../engineWords.ts';
import type { Style } from '../style.ts';
import { cut, padEnd, padStart, widest } from '../text.ts';
import { summarise, summaryWords } from './summary.ts';

interface Row {
	readonly status: ServiceStatus;
	readonly name: string;
	readonly cpu: string;
	readonly memory: string;
	readonly restarts: string;
	readonly reason: string;
}

const percent = (value: number | undefined): string => (value === undefined ? '-' : `${value < 9.95 ? value.toFixed(1) : Math.round(value)} %`);

const rowOf = (status: ServiceStatus): Row => ({
	status,
	name: sanitiseText(status.service.id),
	cpu: percent(status.figures?.cpuPercent),
	memory: percent(status.figures?.memoryPercent),
	restarts: String(status.restarts),
	reason: sanitiseText(status.reason),
});

/** Cells between columns. */
const gap = '  ';

/**
 * The situation as lines: the engine, one line a service in the order given, the summary.
 * @param width cells a line may take; absent where it goes to no terminal, and nothing is cut
 */
export const statusLines = (situation: Situation, services: readonly ServiceStatus[], width: number | undefined, style: Style): readonly string[] => {
	const fit = (text: string): string => (width === undefined ? text : cut(text, width));
	const time = `  ${clockTime(situation.at)}`;
	const first = (width === undefined ? engineWords(situation.engine) : cut(engineWords(situation.engine), width - time.length)) + time;
	const summary = summaryWords(summarise(services));
	if (services.length === 0) return [style.strong(first), 'no containers', summary];
	const rows = services.map(rowOf);
	const nameWidth = Math.max(7, widest(rows.map((row) => row.name)));
	const cpuWidth = Math.max(3, widest(rows.map((row) => row.cpu)));
	const memoryWidth = Math.max(3, widest(rows.map((row) => row.memory)));
	const restartsWidth = Math.max(8, widest(rows.map((row) => row.restarts)));
	const shownNames = width === undefined ? nameWidth : Math.min(nameWidth, Math.max(12, Math.floor(width / 3)));
	const figures = (cpu: string, memory: string, restarts: string): string =>
		[padStart(cpu, cpuWidth), padStart(memory, memoryWidth), padStart(restarts, restartsWidth)].join(gap);
	// On a narrow terminal the reason of a trouble counts more than figures.
	const troubles = rows.filter((row) => row.status.severity !== undefined);
	const left = (width ?? Number.POSITIVE_INFINITY) - 2 - shownNames - cpuWidth - memoryWidth - restartsWidth - 5 * gap.length;
	const withFigures = left >= Math.max(24, widest(troubles.map((row) => row.reason)));
	const line = (mark: string, name: string, cpu: string, memory: string, restarts: string, reason: string): string =>
		fit([mark, padEnd(cut(name, shownNames), shownNames), ...(withFigures ? [figures(cpu, memory, restarts)] : []), reason].join(gap));
	const heading = line('  ', 'SERVICE', 'CPU', 'MEM', 'RESTARTS', 'REASON');
	return [
		style.strong(first),
		style.muted(heading),
		...rows.map(({ status, name, cpu, memory, restarts, reason }) => {
			const text = line(status.mark.padEnd(2), name, cpu, memory, restarts, reason);
			return style.mark(status.mark, text.slice(0, 2)) + text.slice(2);
		}),
		summary,
	];
};
