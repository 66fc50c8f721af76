import { write, writeSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { render } from 'ink';
import { App } from '../../screens/App.tsx';
import { scrollExtents } from '../../screens/present/extent.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import type { Live } from '../console/live.ts';
import { LogsPane } from '../console/logsPane.ts';
import { ConsoleStore } from '../console/store.ts';
import { TerminalOutput } from '../console/terminal/output.ts';
import { type SessionEnd, TerminalSession } from '../console/terminal/session.ts';
import { chooseGlyphs, chooseTheme, colourDepth, nextTheme, type ThemeName } from '../console/theme.ts';
import { systemClock } from '../domain/systemClock.ts';
import { copyOut } from './copyOut.ts';
import { liveOf, type Setting } from './setting.ts';
import { keepMemorySmall } from './memoryKeeper.ts';
import { saveNew } from './saveNew.ts';
import { sizeOf } from './terminalSize.ts';

/** What the command line asked of the console. */
export interface ConsoleOptions {
	readonly setting: Setting;
	readonly theme: 'auto' | ThemeName;
	readonly ascii: boolean;
	readonly readOnly: boolean;
}

/** Where no engine answers, playbooks and the journal are opened after so long, ms. */
const patientMs = 2000;
/** So long after the first list was shown they are opened, whether or not figures have come, ms. */
const firstLookMs = 200;

/** Leaves the alternate screen, shows the cursor, ends bracketed paste: what a terminal needs to be usable again. */
const restoreScreen = '\u001b[?2026l\u001b[?2004l\u001b[?1049l\u001b[?25h\u001b[0m';

/** Opens the console in this process's terminal and keeps it open until it ends. @returns how it ended */
export const openConsole = async (options: ConsoleOptions): Promise<SessionEnd> => {
	const { setting } = options;
	const { env, stdin, stdout } = process;
	const fd = stdout.fd;
	const output = new TerminalOutput((bytes, offset, length, done) => write(fd, bytes, offset, length, null, done), sizeOf(stdout));
	const stop = new AbortController();
	let streams = new AbortController();
	let suspended = false;

	const live = liveOf(setting);
	const run = (): void => {
		streams = new AbortController();
		setting.startProbes(live, AbortSignal.any([streams.signal, stop.signal]), Math.random);
		void live.run(AbortSignal.any([streams.signal, stop.signal]));
	};

	const depth = colourDepth(env);
	let theme = chooseTheme(env, options.theme);
	const glyphs = chooseGlyphs(env, options.ascii ? 'ascii' : 'auto');
	const logsPane = new LogsPane(setting.logs, systemClock);
	const store = new ConsoleStore(
		live,
		logsPane,
		{
			clock: systemClock,
			engine: setting.engine,
			drain: {
				get busy() {
					return suspended || output.busy;
				},
				onceDrained: (then) => void output.write('', () => then()),
			},
			readOnly: options.readOnly,
			thresholds: setting.thresholds,
			extents: (view, healthBox) => scrollExtents(view, healthBox, { theme, glyphs: glyphSet(glyphs) }),
			copy: (text) => copyOut(text, env, (sequence) => void output.write(sequence)),
			openBench: async () => (await import('./respond/bench.ts')).openBench(setting, live, options.readOnly),
			save: saveNew,
			nextTheme() {
				theme = nextTheme(theme, depth);
				instance.rerender(app());
			},
			redraw() {
				instance.clear();
				instance.rerender(app());
			},
			quit: () => session.end({ kind: 'quit' }),
		},
		sizeOf(stdout),
	);
	const app = (): React.JSX.Element => <App source={store} theme={theme} glyphs={glyphs} onKeys={(presses) => store.keys(presses)} />;
	const instance = render(app(), {
		stdout: output,
		stdin,
		exitOnCtrlC: false,
		patchConsole: false,
		incrementalRendering: true,
		alternateScreen: true,
		interactive: true,
		maxFps: 60,
	});
	const session = new TerminalSession(
		{
			on: (event, listener) => void process.on(event, listener),
			off: (event, listener) => void process.off(event, listener),
			stopSelf: () => process.kill(process.pid, 'SIGSTOP'),
		},
		{ output, input: stdin },
		{
			async suspend() {
				streams.abort();
				stdin.setRawMode(false);
				// What is on its way comes out first: it would land on the shell's screen.
				suspended = true;
				await drained(output);
				writeSync(fd, restoreScreen);
			},
			resume() {
				suspended = false;
				stdin.setRawMode(true);
				output.write('\u001b[?1049h\u001b[?25l');
				instance.clear();
				run();
			},
		},
	);
	const resized = (): void => {
		const size = sizeOf(stdout);
		output.resize(size);
		store.resize(size.columns, size.rows);
	};
	stdout.on('resize', resized);
	// Node prints warnings to the terminal, over the panes: they are shown as a notice instead.
	process.removeAllListeners('warning');
	process.on('warning', (warning) => store.notice(`${warning.name}: ${warning.message}`));
	run();
	beginAfterList(live, store, () => void store.begin());
	const { gc } = globalThis;
	const letGo = keepMemorySmall(systemClock, {
		resident: () => process.memoryUsage.rss(),
		collect: () => gc?.(),
		growSlowly: () => setFlagsFromString('--heap-growing-percent=20'),
	});

	const end = await session.ended;
	letGo();
	stop.abort();
	store.stop();
	stdout.off('resize', resized);
	const left = store.left;
	await store.closeDesk();
	await leave(end, instance, output, fd);
	// A run is never stopped by leaving: whoever leaves is told how to come back.
	if (end.kind !== 'hangup') for (const run of left) writeSync(fd, `sitrep: the run "${run.title}" is not over. It goes on as far as it can without you. Come back to it: sitrep playbook resume ${run.runId}\n`);
	await setting.close();
	return end;
};

/**
 * What stands behind the playbook pane takes work. It comes after the first frame that lists the services and the first look at everybody's figures, and so
 * into the time in which the second look is waited for.
 */
const beginAfterList = (live: Live, store: ConsoleStore, begin: () => void): void => {
	let begun = false;
	let shown = false;
	const ends: (() => void)[] = [];
	const once = (): void => {
		if (begun) return;
		begun = true;
		for (const end of ends) end();
		begin();
	};
	const read = (): boolean => {
		let running = 0;
		for (const container of live.inventory.containers.values()) if (container.state === 'running') running++;
		return live.readings >= running;
	};
	const look = (): void => {
		if (shown && read()) once();
	};
	ends.push(
		systemClock.after(patientMs, once),
		live.onChange(look),
		store.subscribe(() => {
			if (!live.inventory.listed || shown) return;
			shown = true;
			// Ink draws a frame in the turn of the event loop in which it is told of it.
			setImmediate(look);
			// Where figures come through the engine they take their time.
			ends.push(systemClock.after(firstLookMs, once));
		}),
	);
};

/** Waits until the terminal has taken everything, or half a second where it takes nothing. */
const drained = (output: TerminalOutput): Promise<void> => {
	const taken = new Promise<void>((resolve) => {
		output.write('', () => resolve());
	});
	const waited = new Promise<void>((resolve) => {
		setTimeout(resolve, 500);
	});
	return Promise.race([taken, waited]);
};

/** Gives the terminal back. A terminal that is gone, or does not take anything, must not hold the process. */
const leave = async (end: SessionEnd, instance: ReturnType<typeof render>, output: TerminalOutput, fd: number): Promise<void> => {
	if (end.kind === 'hangup') return;
	instance.unmount();
	await drained(output);
	try {
		writeSync(fd, restoreScreen);
	} catch {
		// The terminal went away meanwhile: there is nothing left to restore.
	}
};
