import type { Engine } from '../../domain/engine.ts';
import { decodeLine } from '../../domain/sanitise.ts';
import type { Service } from '../../domain/service.ts';
import { clockTime } from '../clockTime.ts';
import { explain } from '../failure.ts';
import { History } from '../logs/history.ts';
import { keepLine, type LineTaker, type LogLine } from '../logs/line.ts';
import { type LogsOptions, readLogsOptions } from '../logs/options.ts';
import { readSource } from '../logs/read.ts';
import { logSources } from '../logs/sources.ts';
import type { Output } from '../ports.ts';
import type { LinearIo } from './io.ts';
import { type MenuEntry, runMenu, type Way } from './menu.ts';

export interface LogsSetting {
	readonly io: LinearIo;
	readonly engine: Engine;
	readonly stdout: Output;
	readonly signal: AbortSignal;
}

const say = (io: LinearIo, line: LogLine, several: boolean): void =>
	io.print(`${clockTime(line.atMs)} ${several ? `${line.source.label}: ` : ''}${decodeLine(line.bytes, 0, line.bytes.length)}`);

const show = async (setting: LogsSetting, service: Service, over: Partial<LogsOptions>): Promise<void> => {
	const { io, engine } = setting;
	const sources = logSources([service], [], engine.target.name);
	const options = { ...readLogsOptions({ tail: '20' }, setting.stdout, 0), ...over };
	const history = new History(sources.length);
	const stop = new AbortController();
	const signal = AbortSignal.any([stop.signal, setting.signal]);
	const taker: LineTaker = {
		line(...parts) {
			const line = keepLine(...parts);
			if (options.follow) say(io, line, sources.length > 1);
			else history.add(line);
		},
		flush: () => undefined,
	};
	const reading = Promise.all(
		sources.map(async (source) => {
			try {
				const end = await readSource({ engine, options, levels: false, signal, taker }, source).end;
				if (end.kind === 'unsupported') io.print(`${source.label}: its log cannot be read: ${end.words} (log driver ${end.driver})`);
			} catch (error) {
				if (!signal.aborted) io.print(`${source.label}: ${explain(error).what}`);
			}
		}),
	);
	if (options.follow) {
		io.print('Following. Enter ends it.');
		await io.enter();
		stop.abort();
	}
	await reading;
	if (options.follow) return;
	const lines = history.lines();
	for (const line of lines) say(io, line, sources.length > 1);
	for (const { label, lines: count } of history.dropped()) io.print(`${label}: ${count} older lines left out to bound memory`);
	io.print(lines.length === 0 ? 'No lines.' : `${lines.length} lines.`);
};

/** Searches with the person's words, which may be no pattern. */
const search = async (setting: LogsSetting, service: Service): Promise<void> => {
	const text = await setting.io.ask('Search for (a regular expression; Enter cancels):');
	if (text === undefined || text === '') return;
	try {
		const { grep } = readLogsOptions({ grep: text, ignoreCase: true }, setting.stdout, 0);
		await show(setting, service, { grep, tail: 10_000 });
	} catch (error) {
		const { what, advice } = explain(error);
		setting.io.print(what);
		if (advice !== undefined) setting.io.print(advice);
	}
};

/** The log of one service: its last lines, then what more there is. */
export const logsMenu = async (setting: LogsSetting, service: Service): Promise<Way> => {
	await show(setting, service, {});
	const entry = (title: string, over: Partial<LogsOptions>): MenuEntry => ({
		title,
		run: async () => {
			await show(setting, service, over);
			return 'stay';
		},
	});
	return runMenu(setting.io, () => ({
		heading: [`Log of ${service.id}:`],
		entries: [
			entry('last 20 lines', {}),
			entry('last 200 lines', { tail: 200 }),
			entry('errors among the last 2000 lines', { tail: 2000, minLevel: 'error' }),
			{
				title: 'search the last 10000 lines',
				run: async () => {
					await search(setting, service);
					return 'stay';
				},
			},
			entry('follow new lines, Enter ends it', { follow: true, tail: 0 }),
		],
	}));
};
