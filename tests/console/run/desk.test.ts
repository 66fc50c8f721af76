import { describe, expect, it } from 'vitest';
import type { RunBench } from '../../../src/console/run/bench.ts';
import { RunDesk } from '../../../src/console/run/desk.ts';
import type { RunHandle } from '../../../src/domain/run/control.ts';
import { ManualClock, settle } from '../../support/manualClock.ts';

const nothing = (): never => {
	throw new Error('not here');
};

describe('a run that is opened while the playbooks are read', () => {
	it('comes first: the next playbook is read once it is shown', async () => {
		const clock = new ManualClock();
		const opened = Promise.withResolvers<RunHandle>();
		let turn: (() => Promise<void>) | undefined;
		const bench: RunBench = {
			responder: { actor: { user: 'ada', host: 'node-7', session: 'boot:1:2' }, start: nothing, open: () => opened.promise, unfinished: () => Promise.resolve([]), resolve: () => [], close: () => Promise.resolve() },
			readLibrary(given) {
				turn = given;
				return new Promise(() => undefined);
			},
			playbooks: undefined,
			problems: [],
			fits: () => [],
			record: nothing,
		};
		const notices: string[] = [];
		const desk = new RunDesk({ clock, open: () => Promise.resolve(bench), notice: (text) => void notices.push(text), changed: () => undefined });
		void desk.begin();
		expect(desk.unready('playbooks')?.loading).toBe(true);
		await settle();
		let read = 0;
		const readOne = async (): Promise<void> => {
			await turn?.();
			read++;
		};
		await readOne();
		expect(read).toBe(1);
		const opening = desk.openRun('r-1', true);
		void readOne();
		await clock.advance(1000);
		expect(read).toBe(1);
		opened.reject(new Error('it is gone'));
		await opening;
		await clock.advance(1000);
		expect(read).toBe(2);
		expect(notices).toEqual(['not opened: it is gone']);
	});
});
