import { describe, expect, it } from 'vitest';
import { exercises } from './exercises/index.ts';
import { joinResults, resultsJson, resultsOf, type Results } from './results.ts';
import { rollbackCases } from './rollback/cases.ts';

const [crash, other] = exercises;
const [rollback] = rollbackCases;
if (crash === undefined || other === undefined || rollback === undefined) throw new Error('there are no drills');

const playbook = { recoveredMs: 1000, wholeMs: 9000, keys: 16, facts: [], steps: { carriedOut: 11, changes: 1 }, end: 'all done', alert: 'P0 down' };
const stuck = { ...playbook, failure: 'the service is not well' };
const time = { ...playbook, endedOn: '1.0.0', up: true };
const written = { wholeMs: 1000, keys: 5, facts: [] };
const nothing: Results = { machine: ['2 cores'], done: [], rollbacks: [], failed: [] };

describe('the figures of drills', () => {
	it('are the same after they were written and read', () => {
		const results: Results = { ...nothing, done: [{ exercise: crash, playbook, written }], mission: { exercise: crash, playbook }, rollbacks: [{ about: rollback, times: [time], written }], rollbackMission: time };
		expect(resultsOf(resultsJson(results))).toEqual(results);
	});

	it('of several runs are in the order of the page: the last of each drill, every time of a rollback', () => {
		const first: Results = { ...nothing, done: [{ exercise: other, playbook: stuck }], rollbacks: [{ about: rollback, times: [time], written }], failed: [other.id, rollback.id] };
		const second: Results = { ...nothing, done: [{ exercise: crash, playbook }, { exercise: other, playbook }], rollbacks: [{ about: rollback, times: [time, time] }] };
		const joined = joinResults([first, second]);
		expect(joined.done).toEqual([
			{ exercise: crash, playbook },
			{ exercise: other, playbook },
		]);
		expect(joined.rollbacks).toEqual([{ about: rollback, times: [time, time, time], written }]);
		expect(joined.failed).toEqual([rollback.id]);
	});

	it('that name a drill that is gone are refused', () => {
		expect(() => resultsOf(resultsJson({ ...nothing, done: [{ exercise: { ...crash, id: 'gone' }, playbook }] }))).toThrow('gone: there is no such drill any more');
		expect(() => resultsOf('{}')).toThrow('schemaVersion');
	});
});
