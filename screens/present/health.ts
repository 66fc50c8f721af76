import type { ContainerSummary, HealthResult } from '../../src/domain/container.ts';
import type { HealthView } from '../../src/console/view.ts';
import { type Pen, type Piece, piece, row } from './cells.ts';
import { factLines } from './healthFacts.ts';
import { wordsRows } from './paneWords.ts';
import { severityRole } from './roles.ts';
import { filled, type PaneRows } from './services.ts';
import { titleRow } from './title.ts';
import { clock, duration, took } from './words.ts';
import { wrapWords } from './wrap.ts';

/** From this height on the output of the newest check is shown in several lines. */
const roomyFrom = 12;

/** A line before it is cut to the width. */
type Line = readonly Piece[];

const stateLine = (container: ContainerSummary, view: HealthView, now: number): Line => {
	const { state, health, detail } = container;
	const streak = detail?.failingStreak ?? 0;
	const healthWords: Piece | undefined =
		// A container that does not run has no health: the engine only keeps its last word.
		health === 'none' || (state !== 'running' && state !== 'paused')
			? undefined
			: health === 'healthy'
				? piece('healthy', 'ok')
				: health === 'starting'
					? piece('health starting', 'strong')
					: piece(`unhealthy${streak > 1 ? `, ${streak} checks failed in a row` : ''}`, ['p0', 'strong']);
	const running = state === 'running' || state === 'paused';
	const since = running ? container.startedAt : container.finishedAt;
	const stateRole = state === 'running' ? 'plain' : 'strong';
	const code = !running ? container.exitCode : undefined;
	const exit = code === undefined ? '' : state === 'exited' ? ` ${code},` : `, exited ${code},`;
	const killed = detail?.oomKilled === true ? [piece(', killed for memory', 'strong')] : [];
	const { count, windowMinutes } = view.restarts;
	return [
		piece(`${state}${exit}`, stateRole),
		...(since === undefined ? [] : [piece(` ${duration(now - since)}${running ? '' : ' ago'}`)]),
		...killed,
		...(healthWords === undefined ? [] : [piece(', '), healthWords]),
		...(count > 0 ? [piece(', '), piece(`${count} restart${count === 1 ? '' : 's'} in ${windowMinutes} min`, 'strong')] : []),
	];
};

/** Lines that one reason may take: the whole of it where there is room, and enough to tell where there is little. */
const reasonLines = { roomy: 4, small: 2 } as const;

/** An alert, its reason wrapped rather than cut: what is at the end of it may be what one has to know. */
const alertLine = (alert: HealthView['alerts'][number], width: number, roomy: boolean): readonly Line[] => {
	const head = [
		piece(alert.severity, alert.state === 'firing' ? [severityRole(alert.severity), 'strong'] : severityRole(alert.severity)),
		piece(alert.state === 'pending' ? ' pending: ' : ' ', 'muted'),
	];
	const indent = head.reduce((cells, { text }) => cells + text.length, 0);
	const all = wrapWords(alert.reason, Math.max(10, width - indent));
	const most = roomy ? reasonLines.roomy : reasonLines.small;
	const shown = all.slice(0, most).map((text, index) => (index === most - 1 && all.length > most ? `${text} …` : text));
	return shown.map((text, index): Line => [
		...(index === 0 ? head : [piece(' '.repeat(indent))]),
		piece(text),
		...(index === shown.length - 1 ? [piece(`  since ${clock(alert.since)}`, 'muted')] : []),
	]);
};

const alertLines = (view: HealthView, width: number, roomy: boolean): readonly Line[] => [
	...view.alerts.flatMap((alert) => alertLine(alert, width, roomy)),
	...view.inconclusive.map((one): Line => [piece('?  ', 'strong'), piece(`${one.ruleId} cannot be judged: `), piece(one.why)]),
];

const probeLines = (view: HealthView, now: number): readonly Line[] =>
	view.probes.map((probe): Line => [
		probe.ok === undefined ? piece('?  ', 'strong') : probe.ok ? piece('ok ', 'ok') : piece('-- ', ['p1', 'strong']),
		piece(`probe ${probe.name}: `, 'muted'),
		piece(probe.words),
		...(probe.at === undefined ? [] : [piece(`  ${duration(now - probe.at)} ago`, 'muted')]),
	]);

/** One check and as many lines of its output as are worth it. */
const checkLines = (check: HealthResult, width: number, outputLines: number): readonly Line[] => {
	const ok = check.exitCode === 0;
	const output = check.output.trim().split('\n').flatMap((text) => wrapWords(text, Math.max(10, width - 6)));
	const shown = output.slice(0, outputLines);
	const left = output.length - shown.length;
	const head: Line = [
		ok ? piece('ok ', 'ok') : piece('-- ', ['p1', 'strong']),
		piece(`check ${clock(check.startedAt)}`, 'muted'),
		piece(ok ? '' : ` exit ${check.exitCode}`, 'strong'),
		piece(` ${took(check.durationMs)}`, 'muted'),
		piece(outputLines === 1 && shown[0] !== undefined ? `  ${shown[0]}` : ''),
		piece(outputLines === 1 && left > 0 ? ` (${left} more lines)` : '', 'muted'),
	];
	if (outputLines === 1) return [head];
	return [head, ...shown.map((text): Line => [piece(`      ${text}`)]), ...(left > 0 ? [[piece(`      ${left} more lines of output`, 'muted')]] : [])];
};

/** All lines of the pane, the most urgent first, before scrolling. */
const healthLines = (
	view: HealthView,
	now: number,
	shape: { readonly width: number; readonly roomy: boolean; readonly stale: boolean },
): readonly Line[] => {
	const lines = currentLines(view, now, shape.width, shape.roomy);
	const [first, ...rest] = lines;
	// What was healthy when we last heard of it may not be so now: nothing stale carries the hue of health.
	return !shape.stale || first === undefined ? lines : [[piece('last known: ', 'strong'), ...first], ...rest].map((line) => line.map(withoutHealth));
};

const withoutHealth = (part: Piece): Piece => (part.role === 'ok' ? { text: part.text, role: 'muted' } : part);

const currentLines = (view: HealthView, now: number, width: number, roomy: boolean): readonly Line[] => {
	const { container } = view;
	const alerts = alertLines(view, width, roomy);
	if (container === undefined) return [...alerts, ...probeLines(view, now)];
	const checks = [...(container.detail?.healthLog ?? [])].toReversed();
	const newest = checks[0];
	const health: readonly Line[] =
		container.health === 'none'
			? [[piece('no health check: only the process is watched', 'muted')]]
			: checks.flatMap((check) => checkLines(check, width, roomy && check === newest ? 6 : 1));
	return [stateLine(container, view, now), ...alerts, ...probeLines(view, now), ...health, ...factLines(container, view.replicas, now)];
};

/**
 * How many lines the pane could show, so that the store can bound the scroll.
 * @param width cells of the pane
 */
export const healthLineCount = (view: HealthView, now: number, width: number, height: number): number =>
	healthLines(view, now, { width: width - 1, roomy: height >= roomyFrom, stale: false }).length;

/** The health pane. */
export const presentHealth = (
	view: HealthView,
	box: { readonly width: number; readonly height: number; readonly focused: boolean; readonly now: number; readonly stale: boolean },
	pen: Pen,
): PaneRows => {
	const { width, focused, now } = box;
	const bodyRows = box.height - 1;
	const name = view.container?.name ?? '';
	const stale = box.stale && view.container !== undefined ? [piece(' '), piece(' stale ', ['p1', 'selected'])] : [];
	if (view.words !== undefined && view.container === undefined && view.alerts.length === 0) {
		return { title: titleRow('health', focused, [piece(name), ...stale], [], width, pen), rows: wordsRows(view.words, width, bodyRows, pen) };
	}
	const lines = healthLines(view, now, { width: width - 1, roomy: box.height >= roomyFrom, stale: box.stale });
	const first = Math.max(0, Math.min(view.scroll, lines.length - bodyRows));
	const more = lines.length - first - bodyRows;
	const right = lines.length <= bodyRows ? [] : [piece(more > 0 ? `${more} more${width >= 60 ? ' lines' : ''}` : 'end', 'muted')];
	const shown = lines.slice(first, first + bodyRows).map((line) => row([piece(' '), ...line], width, pen));
	return { title: titleRow('health', focused, [piece(name), ...stale], right, width, pen), rows: filled(shown, width, bodyRows) };
};
