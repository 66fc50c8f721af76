import { readdir, readFile } from 'node:fs/promises';
import { until } from '../../src/drill/until.ts';
import { toolVariables } from '../../src/domain/run/tool.ts';
import { startCommand, type Line, type RunHome } from '../support/runHome.ts';
import { keys, openTerminal, type TestTerminal } from '../support/terminal.ts';
import type { Bench } from './bench.ts';
import type { SwapServices } from './swapService.ts';

/** A move and nothing beside it: what a rollback verifies afterwards takes longer than all that is tried here. */
export const killPlaybook = `params:
  service: {type: service}
  to: {type: image}
steps:
- {id: plan, title: The plan, rollout: {action: plan, service: '\${{params.service}}', to: '\${{params.to}}'}, timeoutSeconds: 120}
- id: swap
  title: Move it
  risk: change
  rollout: {action: swap, service: '\${{params.service}}', to: '\${{params.to}}', plan: '\${{plan.planId}}'}
  timeoutSeconds: 120
  isEnd: true
`;
export const killPlaybookId = 'killed';

/** How long anything here may take, ms. */
const limitMs = 180_000;

export interface KillTrial {
	readonly bench: Bench;
	readonly services: SwapServices;
	readonly home: RunHome;
	readonly name: string;
	/** Where it answers. */
	readonly url: string;
	/** 0 to 1: how far into the move the console is killed, or into its way there where it is negative (-1 to 0). */
	readonly moment: number;
	/** How long a move takes, ms, and the way there. */
	readonly moveMs: number;
	readonly wayMs: number;
	/** Kills the program that carries the move out as well. */
	readonly alsoTool: boolean;
	/** What the next console does where it has to choose. */
	readonly choose: 'again' | 'back';
}

export interface KillOutcome {
	/** `old` or `new`: that version runs, is healthy, and answers. Else what is wrong. */
	readonly ended: string;
	/** What was killed, and where it was: for a look at what went wrong. */
	readonly words: string;
	/** The move had begun, and had not ended. */
	readonly midway: boolean;
}

const arguments_ = (name: string, to: string): readonly string[] => ['rollback', name, '--playbook', killPlaybookId, '--to', to, '--yes', '--json'];

/** One rollback that nobody disturbs. @returns how long the way to the move took, and the move itself, ms */
export const undisturbed = async ({ bench, services, home, name }: Pick<KillTrial, 'bench' | 'services' | 'home' | 'name'>): Promise<{ readonly wayMs: number; readonly moveMs: number }> => {
	const to = services.images[(await services.versionOf(name)) === 0 ? 1 : 0];
	const began = performance.now();
	const command = startCommand(bench.command, arguments_(name, to), { ...home.env, DOCKER_HOST: bench.host }, home.dir);
	const wayMs = (await moving(command.said)) - began;
	const { code, stderr } = await command.ended;
	if (code !== 0) throw new Error(`a rollback that nobody disturbed ended with ${code}: ${stderr}`);
	await clearAside(services, name);
	return { wayMs, moveMs: performance.now() - began - wayMs };
};

/** Waits until the step that moves is under way. @returns when */
const moving = async (said: { readonly stdout: string }): Promise<number> => {
	await until(() => /"step":"swap"/.test(said.stdout), { timeoutMs: limitMs, everyMs: 2, what: 'the move to begin' });
	return performance.now();
};

/** A rollback whose console is killed with SIGKILL, and another console that is asked at once. */
export const killedRollback = async (trial: KillTrial): Promise<KillOutcome> => {
	const { bench, services, home, name, moment, moveMs, wayMs, alsoTool } = trial;
	const before = await services.versionOf(name);
	const known = new Set((await home.events('run_started')).map(({ runId }) => runId));
	const command = startCommand(bench.command, arguments_(name, services.images[before === 0 ? 1 : 0]), { ...home.env, DOCKER_HOST: bench.host }, home.dir);
	if (moment >= 0) await Promise.race([moving(command.said), command.ended]);
	await pause(moment >= 0 ? moment * moveMs : (1 + moment) * wayMs);
	command.child.kill('SIGKILL');
	const tools = alsoTool ? await toolsOf(home) : [];
	for (const pid of tools) kill(pid);
	await command.ended;
	const at = `killed ${moment >= 0 ? `${Math.round(moment * moveMs)} ms into the move` : 'on the way to the move'}${tools.length > 0 ? ', with the program that carries it out' : ''}`;
	const runId = (await home.events('run_started')).map((line) => line.runId).find((id) => id !== undefined && !known.has(id));
	const acts = (await home.events('rollout_act')).filter((line) => line.runId === runId);
	const midway = acts.length > 0 && !(await home.events('rollout_ended')).some((line) => line.runId === runId);
	const said = runId === undefined ? 'no run had begun' : await nextConsole(trial, runId);
	const ended = await stateOf(trial, before);
	await clearAside(services, name);
	return { ended, words: `${at}; ${actWords(acts.at(-1))}; ${said}`, midway };
};

/** The newest act on record: `begins stop`. */
const actWords = (line: Line | undefined): string => {
	const { stage, act } = line?.data ?? {};
	const id = typeof act === 'object' && act !== null && 'id' in act ? act.id : '';
	return typeof stage === 'string' && typeof id === 'string' ? `${stage} ${id}` : 'no act';
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const kill = (pid: number): void => {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It ended meanwhile.
	}
};

/** The programs that carry steps out for this home: they are in sessions of their own. */
const toolsOf = async (home: RunHome): Promise<readonly number[]> => {
	const found: number[] = [];
	for (const entry of await readdir('/proc')) {
		if (!/^\d+$/.test(entry)) continue;
		const environment = await readFile(`/proc/${entry}/environ`, 'latin1').catch(() => '');
		if (environment.includes(`\0${toolVariables.folder}=${home.state}/`) || environment.startsWith(`${toolVariables.folder}=${home.state}/`)) found.push(Number(entry));
	}
	return found;
};

/** Takes the run up in a terminal, answers what it asks, and sees it to its end. @returns how that ended */
const nextConsole = async ({ bench, home, choose }: KillTrial, runId: string): Promise<string> => {
	await using terminal = await openTerminal({ command: bench.command, args: ['playbook', 'resume', runId], rows: 60, columns: 160, home, env: { ...home.env, DOCKER_HOST: bench.host } });
	let asked = 0;
	const said: string[] = [];
	const questions = (seen: TestTerminal): readonly number[] => seen.history().flatMap((line, index) => (/(?:Number:|y\/N:|may stay empty\):)/.test(line) ? [index] : []));
	for (;;) {
		await terminal.waitFor((seen) => seen.exit !== undefined || questions(seen).length > asked, { timeout: limitMs, what: 'a question, or the end' });
		const lines = terminal.history();
		const at = questions(terminal)[asked];
		if (at === undefined) return `${said.length === 0 ? 'nothing was asked' : `answered ${said.join(', ')}`}; ${lines.findLast((line) => line.trim() !== '')?.trim() ?? ''}`;
		asked++;
		const menu = menuAbove(lines, at);
		const answer = /y\/N:/.test(lines[at] ?? '') ? 'y' : /may stay empty/.test(lines[at] ?? '') ? '' : (pick(menu, choose, said) ?? '1');
		said.push(answer === '' ? 'nothing' : (menu.find(({ number }) => number === answer)?.title ?? answer));
		terminal.type(`${answer}${keys.enter}`);
	}
};

interface MenuItem {
	readonly number: string;
	readonly title: string;
}

/** The numbered lines right above a prompt. */
const menuAbove = (lines: readonly string[], at: number): readonly MenuItem[] => {
	const items: MenuItem[] = [];
	for (let index = at - 1; index >= 0; index--) {
		const found = /^ +(\d+) {2}(.+)$/.exec(lines[index] ?? '');
		if (found === null) break;
		items.unshift({ number: found[1] ?? '', title: (found[2] ?? '').trim() });
	}
	return items;
};

/** Takes it up again, or takes it back; what has failed twice is ended. */
const pick = (menu: readonly MenuItem[], choose: KillTrial['choose'], said: readonly string[]): string | undefined => {
	const wanted = choose === 'back' ? [/^Roll back/, /^Do it again/, /^Try it again/] : [/^Do it again/, /^Try it again/, /^Roll back/];
	const order = said.length >= 4 ? [/^End the run/, /^It failed/] : [...wanted, /^End the run/];
	return order.map((pattern) => menu.find(({ title }) => pattern.test(title))).find((found) => found !== undefined)?.number;
};

/** Which version serves, or what is wrong. */
const stateOf = async ({ services, name, url }: KillTrial, before: number): Promise<string> => {
	try {
		const version = await services.versionOf(name);
		if (version === -1) return 'nothing runs under its name';
		await services.healthy(name);
		const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(5000) });
		if (!ok) return `it answers ${status}`;
		const { HostConfig } = await services.docker.getContainer(name).inspect();
		if (HostConfig.RestartPolicy?.Name !== 'unless-stopped') return `its restart policy is ${HostConfig.RestartPolicy?.Name ?? 'gone'}`;
		const beside = (await services.namesLike(name)).filter((each) => each.includes('-sitrep-new-'));
		if (beside.length > 0) return `left behind: ${beside.join(', ')}`;
		return version === before ? 'old' : 'new';
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
};

const clearAside = async (services: SwapServices, name: string): Promise<void> => {
	for (const each of await services.namesLike(name)) if (each.startsWith(`${name}-sitrep-`)) await services.docker.getContainer(each).remove({ force: true, v: true });
};
