import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { isatty } from 'node:tty';
import envPaths from 'env-paths';
import type { GlobalOptions } from '../cli/globals.ts';
import { systemPort } from '../cli/doctor/system.ts';
import type { CliPorts } from '../cli/ports.ts';
import type { Engine } from '../domain/engine.ts';
import { systemClock } from '../domain/systemClock.ts';
import { drillPort } from './drillPort.ts';
import { readConfig, type FoundConfig } from './readConfig.ts';
import type { Setting } from './setting.ts';
import { inputOf, interruptsOf, outputOf } from './streams.ts';
import { version } from './version.ts';

/** Time to observe before a report, ms: two readings of every figure. */
const settleMs = 900;
/** Situations to a watcher at most so often, ms. */
const watchEveryMs = 500;

/** Reads the configuration once; a command line names one at most. */
const configOnce = (() => {
	let found: Promise<FoundConfig | undefined> | undefined;
	return (globals: GlobalOptions): Promise<FoundConfig | undefined> => (found ??= readConfig(globals.config));
})();

/** The engine of these options: what was named on the command line goes before the file. */
const engineOf = async (globals: GlobalOptions): Promise<Engine> => {
	const { openEngine } = await import('./openEngine.ts');
	const named = globals.host !== undefined || globals.context !== undefined;
	const config = named ? undefined : (await configOnce(globals))?.config.engine;
	return openEngine(named ? { host: globals.host, context: globals.context } : { host: config?.host, context: config?.context });
};

const settingOf = async (globals: GlobalOptions): Promise<Setting> => {
	const [found, { makeSetting }] = await Promise.all([configOnce(globals), import('./setting.ts')]);
	return makeSetting(await engineOf(globals), found?.config);
};

const wait = (ms: number): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(resolve, ms);
	});

/** The world, as the command line sees it. */
export const cliPorts = (): CliPorts => ({
	version,
	stdout: outputOf(process.stdout, isatty(1)),
	stderr: outputOf(process.stderr, isatty(2)),
	stdin: inputOf(process.stdin, isatty(0)),
	env: process.env,
	clock: systemClock,
	workingDir: process.cwd(),
	interrupts: () => interruptsOf(process),
	engine: engineOf,
	async situation(globals, request) {
		const [{ listed, settled, situationOf, startWatch }, { scoped }] = await Promise.all([import('./watching.ts'), import('./scope.ts')]);
		const setting = scoped(await settingOf(globals), request.services ?? []);
		const watch = startWatch(setting);
		try {
			await listed(watch.live);
			watch.live.attend({ visible: watch.live.services.map((service) => service.id) });
			await settled(watch.live, request.settleMs ?? settleMs);
			watch.live.judgeNow();
			return await situationOf(watch.live, setting);
		} finally {
			await watch.close();
		}
	},
	async services(globals) {
		const { groupServices } = await import('../observe/services.ts');
		const engine = await engineOf(globals);
		try {
			return groupServices(await engine.list());
		} finally {
			await engine.close();
		}
	},
	async watch(globals, sink) {
		const { listed, situationOf, startWatch } = await import('./watching.ts');
		const setting = await settingOf(globals);
		const watch = startWatch(setting);
		const { live } = watch;
		try {
			await listed(live);
		} catch (error) {
			await watch.close();
			throw error;
		}
		live.attend({ visible: live.services.map((service) => service.id) });
		let kind = live.inventory.liveness.kind;
		const cancel = systemClock.every(watchEveryMs, () => {
			void situationOf(live, setting).then((situation) => sink.situation(situation), () => undefined);
		});
		const off = live.inventory.onChange(() => {
			const { liveness } = live.inventory;
			if (liveness.kind === kind) return;
			kind = liveness.kind;
			sink.notice('why' in liveness ? `engine ${liveness.kind}: ${liveness.why}` : `engine ${liveness.kind}`);
		});
		return {
			signals: (serviceId) => live.signalsOf(serviceId),
			close() {
				cancel();
				off();
				void watch.close();
			},
		};
	},
	async openConsole(globals) {
		const [found, setting, { runConsole }] = await Promise.all([configOnce(globals), settingOf(globals), import('./runConsole.ts')]);
		return runConsole(globals, setting, found?.config);
	},
	async engineTrials(globals) {
		const { findEngine } = await import('./openEngine.ts');
		const named = globals.host !== undefined || globals.context !== undefined;
		const config = named ? undefined : (await configOnce(globals))?.config.engine;
		const resolution = await findEngine(named ? globals : { host: config?.host, context: config?.context });
		const chosen = resolution.kind === 'found' ? resolution.target.address : undefined;
		return resolution.tried.map((each) => ({ ...each, chosen: each.address === chosen }));
	},
	async initialConfig(globals) {
		const { findInitial } = await import('./initial.ts');
		const engine = await engineOf(globals);
		try {
			return await findInitial(engine);
		} finally {
			await engine.close();
		}
	},
	writeFile: (path, text, options) => writeFile(path, text, { flag: options.overwrite ? 'w' : 'wx', mode: 0o600 }),
	async serviceNames(globals, timeoutMs) {
		const names = async (): Promise<readonly string[]> => {
			const { groupServices } = await import('../observe/services.ts');
			const engine = await engineOf(globals);
			const services = groupServices(await engine.list({ timeoutMs }));
			void engine.close();
			return services.map((service) => service.id);
		};
		return Promise.race([names().catch(() => []), wait(timeoutMs).then((): readonly string[] => [])]);
	},
	async contextNames() {
		const { contextNames, systemProbes } = await import('../engines/docker/index.ts');
		return contextNames(process.env, homedir(), systemProbes.readText);
	},
	async journal() {
		const [{ journalTools }, { stateFolder }] = await Promise.all([import('../record/tools.ts'), import('./respond/stateFolder.ts')]);
		return journalTools(join(stateFolder(), 'journal.db'));
	},
	playbooks: async () => (await import('./respond/playbookPort.ts')).playbookPort(settingOf),
	drill: drillPort,
	system: systemPort(process.env['SITREP_STATE_DIR'] ?? envPaths('sitrep', { suffix: '' }).data),
});
