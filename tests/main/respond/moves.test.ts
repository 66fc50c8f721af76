import { describe, expect, it, onTestFinished } from 'vitest';
import { Moves } from '../../../src/main/respond/moves.ts';
import { begun, over } from '../../record/moves.ts';
import { started } from '../../record/support.ts';
import { eventually } from '../../support/engine.ts';
import { testJournal } from './support.ts';

const [here, there] = ['unix:///here', 'unix:///there'];

describe('moves that can be taken up', () => {
	it('are those on the engine that is shown, though another has a service of the same name', async () => {
		const journal = await testJournal();
		await journal.append([started('run-1', { engine: here }), begun('p1'), over('p1'), started('run-2', { engine: there }), begun('p2', {}, 'run-2')]);
		for (const [engine, planId, half] of [[here, 'p1', false], [there, 'p2', true]] as const) {
			const moves = new Moves(journal, engine);
			onTestFinished(() => moves.close());
			await eventually('the journal was read', () => moves.of('shop/api').length > 0);
			expect(moves.of('shop/api')).toMatchObject([{ planId, half }]);
		}
	});

	it('of another engine do not push those of this one out of sight', async () => {
		const journal = await testJournal();
		await journal.append([started('run-1', { engine: here }), begun('p0'), over('p0'), started('run-2', { engine: there }), ...Array.from({ length: 60 }, (_, index) => begun(`p${index + 1}`, {}, 'run-2'))]);
		const moves = new Moves(journal, here);
		onTestFinished(() => moves.close());
		await eventually('the journal was read', () => moves.of('shop/api').length > 0);
		expect(moves.of('shop/api')).toMatchObject([{ planId: 'p0' }]);
	});
});
