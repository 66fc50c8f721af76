import { describe, expect, it } from 'vitest';
import { openDialog, reduceDialog } from '../../../src/console/reduce/dialogs.ts';
import type { Step } from '../../../src/console/reduce/effect.ts';
import type { Scene } from '../../../src/console/reduce/scene.ts';
import { initialUi, type UiState } from '../../../src/console/ui.ts';
import type { Action } from '../../../src/console/actions.ts';
import { container, detail } from '../../support/fakeEngine.ts';

const scene = (over: Partial<Scene> = {}): Scene => {
	const web = container('web');
	return {
		now: 0,
		order: ['web', 'db'],
		selectedId: 'web',
		serviceRows: 10,
		healthRows: 5,
		healthMost: 3,
		dialogMost: 20,
		seriesCount: 6,
		container: web,
		containers: [web],
		offers: [],
		offer: () => undefined,
		rollbacks: () => undefined,
		run: undefined,
		readOnly: false,
		host: 'prod-1 (node-7)',
		...over,
	};
};

const run = (at: Scene, actions: readonly Action[], from: UiState = initialUi(80, 24)): Step => {
	let step: Step = openDialog(from, at, 'menu');
	for (const action of actions) step = reduceDialog(step.ui, at, action);
	return step;
};

const choose = (index: number): Action[] => [
	...Array.from({ length: index }, (): Action => ({ kind: 'move', by: 'row', direction: 1 })),
	{ kind: 'accept' },
];
const restart = choose(1);
const kill = choose(5);

describe('action menu and confirmation', () => {
	it('asks before a change, with Cancel focused: Enter alone does nothing', () => {
		const asked = run(scene(), restart);
		expect(asked.ui.dialog).toMatchObject({
			kind: 'confirm',
			risk: 'change',
			focus: 'cancel',
			host: 'prod-1 (node-7)',
			target: 'web',
			act: 'docker restart -t 10 web',
		});
		const entered = reduceDialog(asked.ui, scene(), { kind: 'accept' });
		expect(entered.ui.dialog).toBeUndefined();
		expect(entered.effects).toEqual([{ kind: 'notice', text: 'cancelled', tone: 'plain' }]);
	});

	it('scrolls what does not fit, as far as there is more of it, and nothing is confirmed by that', () => {
		const down: Action = { kind: 'move', by: 'row', direction: 1 };
		const moved = run(scene({ dialogMost: 2 }), [...restart, down, down, down]);
		expect(moved.ui.dialog).toMatchObject({ kind: 'confirm', scroll: 2, focus: 'cancel' });
		expect(moved.effects).toEqual([]);
		const typing = run(scene({ dialogMost: 2 }), [...kill, { kind: 'type', text: 'we' }, down]);
		expect(typing.ui.dialog).toMatchObject({ scroll: 1, typed: 'we' });
	});

	it('runs a change after the other button was chosen', () => {
		const done = run(scene(), [...restart, { kind: 'button', direction: 1 }, { kind: 'accept' }]);
		expect(done.effects).toEqual([{ kind: 'act', actId: 'restart', containerId: 'id-web' }]);
	});

	it('wants the name typed for a destructive act, whatever button has the focus', () => {
		const wrong = run(scene(), [...kill, { kind: 'button', direction: 1 }, { kind: 'type', text: 'we' }, { kind: 'accept' }]);
		expect(wrong.effects).toEqual([{ kind: 'notice', text: 'type web to confirm, Esc cancels', tone: 'plain' }]);
		const right = run(scene(), [...kill, { kind: 'type', text: 'web' }, { kind: 'accept' }]);
		expect(right.effects).toEqual([{ kind: 'act', actId: 'kill', containerId: 'id-web' }]);
	});

	it('treats a stop of a --rm container as destructive, for it is gone then', () => {
		const web = container('web', { detail: detail({ autoRemove: true }) });
		expect(run(scene({ container: web, containers: [web] }), restart).ui.dialog).toMatchObject({
			risk: 'destructive',
			loss: expect.stringContaining('removed for good'),
		});
	});

	it('refuses every act where the console is read-only', () => {
		const refused = run(scene({ readOnly: true }), restart);
		expect(refused.ui.dialog).toMatchObject({ kind: 'menu' });
		expect(refused.effects).toEqual([{ kind: 'notice', text: 'Restart: this console is read-only', tone: 'plain' }]);
	});

	it('stays with the container the menu was opened on', () => {
		const web = container('web');
		const other = container('web-2', { state: 'exited' });
		const opened = openDialog(initialUi(80, 24), scene({ container: web, containers: [web, other] }), 'menu');
		const later = scene({ container: other, containers: [web, other] });
		let step: Step = opened;
		for (const action of restart) step = reduceDialog(step.ui, later, action);
		expect(step.ui.dialog).toMatchObject({ kind: 'confirm', target: 'web', subject: { containerId: 'id-web' } });
	});

	it('says so where the container went meanwhile', () => {
		const opened = openDialog(initialUi(80, 24), scene(), 'menu');
		const gone = reduceDialog(opened.ui, scene({ container: undefined, containers: [] }), { kind: 'accept' });
		expect(gone.ui.dialog).toBeUndefined();
		expect(gone.effects).toMatchObject([{ kind: 'notice', text: 'that container is gone' }]);
	});
});

describe('palette', () => {
	it('goes to a service by its name', () => {
		let step = openDialog(initialUi(80, 24), scene(), 'palette');
		step = reduceDialog(step.ui, scene(), { kind: 'type', text: 'go to db' });
		step = reduceDialog(step.ui, scene(), { kind: 'accept' });
		expect(step.ui).toMatchObject({ chosen: 'db' });
		expect(step.ui.dialog).toBeUndefined();
	});

	it('runs a command', () => {
		let step = openDialog(initialUi(80, 24), scene(), 'palette');
		step = reduceDialog(step.ui, scene(), { kind: 'type', text: 'next theme' });
		step = reduceDialog(step.ui, scene(), { kind: 'accept' });
		expect(step.effects).toEqual([{ kind: 'command', id: 'theme' }]);
	});
});
