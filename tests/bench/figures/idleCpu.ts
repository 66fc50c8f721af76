import { setTimeout as pass } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { cpuSeconds } from '../processes.ts';
import { openTerminal } from '../../support/terminal.ts';
import { makeTestHome } from '../../support/terminalHome.ts';

const containers = 300;
const target = 0.6;
const windowMs = 20_000;
/** Time for the first readings and the code to be compiled, ms. */
const settleMs = 10_000;

interface Cost {
	/** Percent of one core. */
	readonly own: number;
	readonly engine: number;
}

const costOver = async (bench: Bench, pid: number | undefined): Promise<Cost> => {
	const began = performance.now();
	const [own, engine] = [pid === undefined ? 0 : await cpuSeconds(pid), await bench.engineCpu()];
	await pass(windowMs);
	const seconds = (performance.now() - began) / 1000;
	const [ownAfter, engineAfter] = [pid === undefined ? 0 : await cpuSeconds(pid), await bench.engineCpu()];
	return { own: ((ownAfter - own) / seconds) * 100, engine: (((engineAfter ?? 0) - (engine ?? 0)) / seconds) * 100 };
};

const words = (name: string, cost: Cost, base: Cost): string => `${name} ${cost.own.toFixed(1)} % itself, ${(cost.engine - base.engine).toFixed(1)} % in the engine`;

export const idleCpu: Figure = {
	id: 'idle-cpu',
	title: 'CPU of the idle console and what it costs the engine, 300 running containers',
	promise: `<= ${target} x docker stats`,
	method: `CPU time of the process, and of engine, runtime and shims beyond what they use with nobody connected, over ${windowMs / 1000} s each, one after the other; percent of one core`,
	async run(bench) {
		await bench.idle(containers);
		const base = await costOver(bench, undefined);
		const measured: { readonly name: string; readonly cost: Cost }[] = [];
		const measure = async (name: string, command: string, args: readonly string[]): Promise<Cost> => {
			const home = await makeTestHome();
			try {
				await using terminal = await openTerminal({ command, args, home, env: { DOCKER_HOST: bench.host } });
				await pass(settleMs);
				const cost = await costOver(bench, terminal.pid);
				measured.push({ name, cost });
				return cost;
			} finally {
				await home.remove();
			}
		};
		const own = await measure('console', bench.command, []);
		const stats = await measure('docker stats', 'docker', ['stats']);
		for (const peer of bench.peers) await measure(peer.split('/').at(-1) ?? peer, peer, []);
		const sum = (cost: Cost): number => cost.own + Math.max(0, cost.engine - base.engine);
		const ratio = sum(own) / sum(stats);
		return [
			{
				measured: `${ratio.toFixed(2)} x`,
				reached: ratio <= target,
				beside: [...measured.map(({ name, cost }) => words(name, cost, base)), `engine with nobody connected ${base.engine.toFixed(1)} %`],
			},
		];
	},
};
