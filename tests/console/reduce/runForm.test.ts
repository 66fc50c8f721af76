import { beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../../src/console/actions.ts';
import { reduceDialog } from '../../../src/console/reduce/dialogs.ts';
import type { Step } from '../../../src/console/reduce/effect.ts';
import type { Scene } from '../../../src/console/reduce/scene.ts';
import { formOf } from '../../../src/console/run/form.ts';
import { initialUi } from '../../../src/console/ui.ts';
import type { LoadedPlaybook, Playbook } from '../../../src/domain/playbook/playbook.ts';
import { crashedPlaybook } from '../../support/runViews.ts';

const playbook: Playbook = {
	...crashedPlaybook,
	params: {
		container: { type: 'container', optional: false },
		lines: { type: 'integer', min: 1, max: 9, default: 3, optional: false },
		writer: { type: 'text', default: 'worker', optional: true },
		token: { type: 'secret', optional: false },
	},
};
const loaded: LoadedPlaybook = { playbook, file: '', text: '', hash: 'h', pack: 'p09' };
const scene: Scene = {
	now: 0,
	order: ['worse', 'shop/web'],
	// Something else is worst by now.
	selectedId: 'worse',
	serviceRows: 10,
	healthRows: 5,
	healthMost: 3,
	dialogMost: 20,
	seriesCount: 6,
	container: undefined,
	containers: [],
	offers: [],
	offer: (id) => (id === playbook.id ? { loaded, values: {} } : undefined),
	rollbacks: () => undefined,
	run: undefined,
	readOnly: false,
	host: 'prod-1',
};

let now: Step;
const act = (...actions: readonly Action[]): void => {
	for (const action of actions) now = reduceDialog(now.ui, scene, action);
};
const to = (field: number): void => {
	const { dialog } = now.ui;
	if (dialog?.kind !== 'form') throw new Error('no form is open');
	for (let at = dialog.selected; at > field; at--) act({ kind: 'button', direction: -1 });
	for (let at = dialog.selected; at < field; at++) act({ kind: 'button', direction: 1 });
};
const put = (field: number, text: string): void => {
	to(field);
	act({ kind: 'erase', what: 'all' }, ...(text === '' ? [] : [{ kind: 'type', text } as const]));
};
const start = (): void => {
	to(Object.keys(playbook.params).length);
	act({ kind: 'accept' });
};

beforeEach(() => {
	now = { ui: { ...initialUi(80, 24), dialog: formOf(playbook, { container: 'web-1' }, 'shop/web') }, effects: [] };
});

describe('the form before a run', () => {
	it('says beside each field what is wrong with it, and keeps all that was typed', () => {
		put(0, 'no name/');
		put(1, '99');
		put(3, 'hunter22');
		start();
		expect(now.effects).toEqual([]);
		expect(now.ui.dialog).toMatchObject({
			kind: 'form',
			selected: 0,
			fields: [
				{ name: 'container', value: 'no name/', problem: expect.stringContaining('is not the name of a container') },
				{ name: 'lines', value: '99', problem: '"99" is not at most 9' },
				{ name: 'writer', value: 'worker' },
				{ name: 'token', value: 'hunter22' },
			],
		});
		put(0, 'web-1');
		put(1, '9');
		start();
		expect(now.effects).toMatchObject([{ kind: 'start-run', values: { container: 'web-1', lines: '9', writer: 'worker', token: 'hunter22' } }]);
	});

	it('wants what must be given, and lets the run ask for a secret', () => {
		put(0, '');
		start();
		expect(now.ui.dialog).toMatchObject({ fields: [{ problem: 'must not be empty' }, {}, {}, { value: '' }] });
		put(0, 'web-1');
		start();
		expect(now.effects).toMatchObject([{ kind: 'start-run' }]);
	});

	it('hands over that a field was emptied: its default must not come back unseen', () => {
		put(2, '');
		start();
		expect(now.effects).toMatchObject([{ kind: 'start-run', values: { writer: '' } }]);
	});

	it('keeps the service of the run selected, whatever is worst by then', () => {
		start();
		expect(now.ui).toMatchObject({ focus: 'playbook', chosen: 'shop/web' });
	});
});
