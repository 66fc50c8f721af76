import { describe, expect, it } from 'vitest';
import { settle } from '../../support/manualClock.ts';
import { ada, doneEnd, failedEnd, Machine, param, playbook, special, step } from './support.ts';

const left = { left: ['7 sleep'], note: 'its further output is not kept' };
const endings = (machine: Machine) => machine.file.events.flatMap(({ event }) => (event.kind === 'step_ended' ? [event] : []));

describe('what a step left behind', () => {
	it('stands in the record and in the state of the run, without secrets', async () => {
		const machine = new Machine();
		machine.world.script = () => doneEnd({ left: ['7 serve --key correct-horse'], note: 'no room for correct-horse' });
		const use = step('use', { action: { kind: 'command', run: ['use', '${{params.token}}'], env: {} } });
		const handle = await machine.start(playbook('p', [use], { params: { token: param('secret') } }), { secrets: { token: 'correct-horse' } });
		await settle();
		const told = { left: ['7 serve --key (secret)'], note: 'no room for (secret)' };
		expect(endings(machine)[0]).toMatchObject(told);
		expect(handle.state.steps[0]?.attempts[0]).toMatchObject(told);
		const later = await machine.console(ada).open(handle.id, { act: false });
		expect(later.state.steps[0]?.attempts[0]).toMatchObject(told);
	});

	it('is not in the record where there is nothing', async () => {
		const machine = new Machine();
		await machine.start(playbook('p', [step('use')]));
		await settle();
		for (const field of ['survivors', 'left', 'note']) expect(endings(machine)[0]).not.toHaveProperty(field);
	});

	it('of parts is said of the whole as well', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run a' ? doneEnd(left) : failedEnd(1, { survivors: ['8 stubborn'] }));
		await machine.start(playbook('p', [special('parallel', 'both', { steps: [step('a'), step('b')] })]));
		await settle();
		expect(endings(machine).find((event) => event.step === 'both')).toMatchObject({ ...left, survivors: ['8 stubborn'] });
	});

	it('by any look is said at the end of the looking', async () => {
		const machine = new Machine();
		machine.world.script = (_, count) => (count === 1 ? failedEnd(1, left) : doneEnd());
		const action = { kind: 'command', run: ['look'], env: {} } as const;
		await machine.start(playbook('p', [special('waitFor', 'up', { action, consecutiveSuccessLimit: 1, intervalSeconds: 1, timeoutSeconds: 20 })]));
		await machine.clock.advance(3000);
		expect(endings(machine)[0]).toMatchObject({ step: 'up', outcome: 'done', ...left });
	});
});
