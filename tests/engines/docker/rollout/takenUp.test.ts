import { describe, expect, it } from 'vitest';
import type { RolloutStanding, RolloutState } from '../../../../src/domain/rollout.ts';
import { takenUp } from '../../../../src/engines/docker/rollout/takenUp.ts';
import { plan } from '../../../respond/rollout/fakes.ts';

const state: RolloutState = { plan: plan() };

const standing = (stage: RolloutStanding['stage'], possible: boolean): RolloutStanding => ({
	stage,
	serving: 'new',
	evidence: [],
	finish: { possible, why: 'so it is' },
	undo: { possible, why: 'so it is' },
	state: { ...state, freshId: 'def' },
});

describe('a move that is taken up again', () => {
	it.each(['finish', 'undo'] as const)('is carried on where it is half done: %s', (way) => {
		expect(takenUp(state, standing('half', true), way)).toBeUndefined();
	});

	it('has ended where its health check passed since somebody looked', () => {
		expect(takenUp(state, standing('done', false), 'finish')).toMatchObject({ end: 'swapped', state: { freshId: 'def' }, words: 'api:1.0.0 runs as api: nothing was left to do' });
	});

	it('has ended where a cluster took it back since', () => {
		expect(takenUp(state, standing('undone', false), 'undo')).toMatchObject({ end: 'restored', words: 'api:1.1.0 runs as api: nothing was left to take back' });
	});

	it('is taken back after it was done', () => {
		expect(takenUp(state, standing('done', true), 'undo')).toBeUndefined();
	});

	it.each([
		['finish', 'undone', 'the rollout of api cannot be finished (undone): so it is'],
		['finish', 'gone', 'the rollout of api cannot be finished (gone): so it is'],
		['undo', 'not-begun', 'the rollout of api cannot be undone (not-begun): so it is'],
		['undo', 'done', 'the rollout of api cannot be undone (done): so it is'],
	] as const)('is refused in any other case: %s of %s', (way, stage, words) => {
		expect(() => takenUp(state, standing(stage, false), way)).toThrow(words);
	});
});
