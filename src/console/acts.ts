import type { ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';
import type { ConfirmDialog, MenuItem } from './view.ts';

/** Time a container gets between the stop signal and the kill, seconds: the engine's own default. */
export const graceSeconds = 10;

/** One thing the action menu can do to a container. */
export interface Act {
	readonly id: string;
	readonly title: string;
	readonly risk: 'change' | 'destructive';
	/** As one would type it. */
	readonly command: string;
	/** What will be lost, in words. */
	readonly loss: string;
	/** Why it cannot be done now. */
	readonly disabled?: string;
	run(engine: Engine, containerId: string): Promise<void>;
}

/** Everything that can be done to one container, with why it cannot where it cannot. */
export const actsFor = (container: ContainerSummary, readOnly: boolean): readonly Act[] => {
	const { name, state } = container;
	const running = state === 'running' || state === 'restarting';
	const paused = state === 'paused';
	const gone = container.detail?.autoRemove === true ? ', and it is removed for good: it was started with --rm' : '';
	const make = (act: Omit<Act, 'disabled'>, disabled: string | undefined): Act => {
		const why = readOnly ? 'this console is read-only' : disabled;
		return why === undefined ? act : { ...act, disabled: why };
	};
	return [
		make(
			{
				id: 'start',
				title: 'Start',
				risk: 'change',
				command: `docker start ${name}`,
				loss: 'nothing',
				run: (engine, id) => engine.start(id),
			},
			running || paused ? `it is ${state}` : undefined,
		),
		make(
			{
				id: 'restart',
				title: 'Restart',
				risk: gone === '' ? 'change' : 'destructive',
				command: `docker restart -t ${graceSeconds} ${name}`,
				loss: `requests under way, and what it holds in memory${gone}`,
				run: (engine, id) => engine.restart(id, graceSeconds),
			},
			paused ? 'it is paused: unpause it first' : undefined,
		),
		make(
			{
				id: 'stop',
				title: 'Stop',
				risk: gone === '' ? 'change' : 'destructive',
				command: `docker stop -t ${graceSeconds} ${name}`,
				loss: `the service, until it is started again${gone}`,
				run: (engine, id) => engine.stop(id, graceSeconds),
			},
			running || paused ? undefined : `it is ${state}`,
		),
		make(
			{
				id: 'pause',
				title: 'Pause',
				risk: 'change',
				command: `docker pause ${name}`,
				loss: 'the service, until it is unpaused; clients hang',
				run: (engine, id) => engine.pause(id),
			},
			state === 'running' ? undefined : `it is ${state}`,
		),
		make(
			{
				id: 'unpause',
				title: 'Unpause',
				risk: 'change',
				command: `docker unpause ${name}`,
				loss: 'nothing',
				run: (engine, id) => engine.unpause(id),
			},
			paused ? undefined : `it is ${state}`,
		),
		make(
			{
				id: 'kill',
				title: 'Kill (SIGKILL)',
				risk: 'destructive',
				command: `docker kill -s SIGKILL ${name}`,
				loss: `whatever it has not yet written${gone}`,
				run: (engine, id) => engine.kill(id, 'SIGKILL'),
			},
			running || paused ? undefined : `it is ${state}`,
		),
		make(
			{
				id: 'hangup',
				title: 'Reload (SIGHUP)',
				risk: 'change',
				command: `docker kill -s SIGHUP ${name}`,
				loss: 'nothing where it reloads on SIGHUP; a program that does not handle it ends',
				run: (engine, id) => engine.kill(id, 'SIGHUP'),
			},
			state === 'running' ? undefined : `it is ${state}`,
		),
	];
};

/** An act as a line of the action menu. */
export const menuItem = (act: Act): MenuItem => ({
	id: act.id,
	title: act.title,
	risk: act.risk,
	...(act.disabled === undefined ? {} : { disabled: act.disabled }),
});

/** The question before an act: Cancel has the focus, and a destructive one wants the name typed. */
export const confirmFor = (act: Act, container: ContainerSummary, host: string): ConfirmDialog => ({
	kind: 'confirm',
	title: `${act.title} ${container.name}?`,
	risk: act.risk,
	host,
	target: container.name,
	act: act.command,
	loss: act.loss,
	focus: 'cancel',
	typed: '',
	subject: { kind: 'act', actId: act.id, containerId: container.id },
});
