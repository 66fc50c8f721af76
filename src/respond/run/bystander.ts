import type { Actor } from '../../domain/journal.ts';
import type { Refusal, RunCommand } from '../../domain/run/control.ts';
import { refuseApproval } from './approval.ts';
import { redactEvent } from './executions.ts';
import { underWay } from './moves.ts';
import type { RunPorts } from './ports.ts';
import type { Recorder } from './recorder.ts';
import type { Secrets } from './secrets.ts';
import { seizeLease } from './seizeLease.ts';
import type { FoldedRun } from './track.ts';

/** What a console needs to have a word in a run that it does not carry out. */
interface Bystander {
	readonly ports: RunPorts;
	readonly recorder: Recorder;
	readonly secrets: Secrets;
}

/** Gives, or refuses, an approval that another console asks for. @throws JournalError */
export const approve = async ({ ports, recorder, secrets }: Bystander, command: Extract<RunCommand, { kind: 'approve' }>): Promise<Refusal | undefined> => {
	const asked = recorder.state?.track.approval;
	if (asked === undefined || asked.step !== command.step) return { refused: `no approval is asked for at ${command.step}` };
	const person = command.person?.trim();
	const by: Actor = person === undefined || person === '' ? ports.actor : { ...ports.actor, person };
	const refused = refuseApproval(asked.askedBy, by);
	if (refused !== undefined) return refused;
	const note = command.note === undefined ? {} : { note: command.note };
	await recorder.record([redactEvent({ kind: 'approval_given', step: command.step, granted: command.granted, ...note }, secrets.redactor)], by);
	return undefined;
};

/** Ends a run that nobody carries out. @throws JournalError */
export const abandon = async ({ ports, recorder, secrets }: Bystander, state: FoldedRun, why: string): Promise<Refusal | undefined> => {
	if (state.parent !== undefined) return { refused: `it is a part of run ${state.parent.runId}`, advice: 'abandon that one' };
	const lease = state.dryRun ? undefined : await seizeLease(ports, state, false);
	if (lease !== undefined && 'refused' in lease) return lease;
	const under = underWay(recorder.state ?? state);
	const words = under === undefined ? why : `${why}; ${under.step.id} was under way and may go on`;
	await recorder.record([redactEvent({ kind: 'run_ended', outcome: 'abandoned', words }, secrets.redactor)]);
	await lease?.release();
	return undefined;
};
