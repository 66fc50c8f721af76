import type { Param } from '../../domain/playbook/param.ts';
import type { RunCommand, RunHandle } from '../../domain/run/control.ts';
import type { CriterionState, OfferedValue, Waiting } from '../../domain/run/state.ts';
import type { Asker, DriveEnd, DriveOptions } from './driveOptions.ts';

/** What to do about what the run waits for. `wait`: nothing can be done from here, somebody else answers. `again`: the person wants to be asked anew. */
export type Answered = { readonly kind: 'command'; readonly command: RunCommand } | { readonly kind: 'wait' } | { readonly kind: 'again' } | Exclude<DriveEnd, { kind: 'over' }>;

const say = (command: RunCommand): Answered => ({ kind: 'command', command });
const left: Answered = { kind: 'left' };
const needs = (why: string): Answered => ({ kind: 'needs-terminal', why });

const isYes = (answer: string): boolean => /^y(?:es)?$/i.test(answer);

interface Choice {
	readonly title: string;
	readonly answer: () => Promise<Answered> | Answered;
}

/** A numbered menu. An empty answer takes `preset`, where there is one. */
const choose = async (asker: Asker, print: (line: string) => void, choices: readonly Choice[], preset?: number): Promise<Answered> => {
	choices.forEach((choice, index) => print(`  ${index + 1}  ${choice.title}${index === preset ? '  (Enter takes this one)' : ''}`));
	for (;;) {
		const answer = await asker.ask('Number:');
		if (answer === undefined) return left;
		const picked = choices[answer === '' && preset !== undefined ? preset : Number(answer) - 1];
		if (picked !== undefined) return picked.answer();
		print(`a number from 1 to ${choices.length}`);
	}
};

const why = async (asker: Asker): Promise<string> => (await asker.ask('Why (goes into the record, may stay empty):')) ?? '';

const titleOf = (handle: RunHandle, step: string): string => handle.state.playbook.steps.find((each) => each.id === step)?.title ?? step;

const confirm = async (handle: RunHandle, waiting: Extract<Waiting, { kind: 'confirm' }>, options: DriveOptions): Promise<Answered> => {
	const { print, asker } = options;
	const { step, typed } = waiting;
	// One that has to be minded, such as a condition that could not be judged, is for a person.
	if (options.yes && typed === undefined && waiting.risk !== 'destructive' && waiting.why === undefined) return say({ kind: 'confirm', step, how: 'yes' });
	if (asker === undefined && waiting.why !== undefined) return needs(`${titleOf(handle, step)}: ${waiting.why}; --yes does not answer this`);
	if (asker === undefined) return needs(`${titleOf(handle, step)} is ${waiting.risk}${options.yes ? ', which --yes does not cover' : ' and has to be confirmed (--yes confirms changes)'}`);
	print('');
	print(`${waiting.undo ? 'UNDO ' : ''}${titleOf(handle, step)}`);
	print(`  does    ${waiting.command}`);
	print(`  host    ${options.host}`);
	if (waiting.target !== undefined) print(`  target  ${waiting.target}`);
	if (waiting.why !== undefined) print(`  mind    ${waiting.why}`);
	print(`  risk    ${waiting.risk === 'destructive' ? 'DESTRUCTIVE' : waiting.risk}`);
	if (waiting.loses !== undefined) print(`  loses   ${waiting.loses}`);
	if (typed !== undefined) {
		const answer = await asker.ask(`Type ${typed} to run it; anything else does not:`);
		if (answer === undefined) return left;
		if (answer === typed) return say({ kind: 'confirm', step, how: 'typed', typed: answer });
	} else {
		const answer = await asker.ask('Run it? y/N:');
		if (answer === undefined) return left;
		if (isYes(answer)) return say({ kind: 'confirm', step, how: 'key' });
	}
	print('Not run. What then?');
	return choose(asker, print, [
		{ title: 'Ask again', answer: () => ({ kind: 'again' as const }) },
		{ title: 'Skip this step', answer: async () => say({ kind: 'skip', step, why: await why(asker) }) },
		{ title: 'Leave; the run waits', answer: () => left },
		{ title: 'Cancel the run', answer: () => say({ kind: 'cancel' }) },
	]);
};

const metWords = (met: boolean | undefined): string => (met === undefined ? 'cannot tell' : met ? 'MET' : 'not met');

/** A table of decision, for people and for pipes: no column is cut. */
const criteriaLines = (criteria: readonly CriterionState[]): readonly string[] => {
	const rows = criteria.map((each) => [metWords(each.met), each.level, each.title, each.figure, each.baseline === '' ? '' : `(${each.baseline})`, each.within ?? '']);
	const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
	return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}`);
};

const cause = (handle: RunHandle, waiting: Extract<Waiting, { kind: 'choose' }>, options: DriveOptions): Promise<Answered> | Answered => {
	const { asker, print } = options;
	const { step, suggested } = waiting;
	if (options.yes && suggested >= 0) return say({ kind: 'choose', step, choice: suggested });
	if (asker === undefined) return needs(`${titleOf(handle, step)}: a cause has to be chosen`);
	print('');
	print(titleOf(handle, step));
	for (const line of criteriaLines(waiting.criteria ?? [])) print(line);
	return choose(
		asker,
		print,
		waiting.choices.map((choice, index) => ({
			title: `${choice.title}: ${choice.holds === undefined ? 'cannot tell' : choice.holds ? 'true' : 'not true'}${choice.evidence === '' ? '' : `, ${choice.evidence}`}`,
			answer: () => say({ kind: 'choose', step, choice: index }),
		})),
		suggested >= 0 ? suggested : undefined,
	);
};

const manual = async (handle: RunHandle, waiting: Extract<Waiting, { kind: 'manual' }>, { asker, print, yes }: DriveOptions): Promise<Answered> => {
	const { step } = waiting;
	// A text to be told holds nobody up where nobody is: whoever reads the output, or the record, has it.
	if (asker === undefined && yes && handle.state.playbook.steps.some((each) => each.id === step && each.kind === 'notify')) {
		for (const line of waiting.instructions.split('\n')) print(`     | ${line}`);
		return say({ kind: 'manual', step, as: 'done', note: 'printed; nobody was told by this run' });
	}
	if (asker === undefined) return needs(`${titleOf(handle, step)}: it has to be done by hand`);
	print('');
	print(`By hand: ${titleOf(handle, step)}`);
	for (const line of waiting.instructions.split('\n')) print(`  ${line}`);
	const ticked = new Set(handle.state.steps.find((each) => each.id === step)?.ticked ?? []);
	for (const [item, text] of waiting.checklist.entries()) {
		if (ticked.has(item)) continue;
		const answer = await asker.ask(`  [ ] ${text}  done? y/N:`);
		if (answer === undefined) return left;
		if (isYes(answer)) await handle.command({ kind: 'tick', step, item, ticked: true });
	}
	return choose(asker, print, [
		{ title: 'Done', answer: () => say({ kind: 'manual', step, as: 'done' }) },
		{ title: 'It did not work', answer: async () => say({ kind: 'manual', step, as: 'failed', note: await why(asker) }) },
		{ title: 'Skip it', answer: async () => say({ kind: 'skip', step, why: await why(asker) }) },
		{ title: 'Leave; the run waits', answer: () => left },
	]);
};

/** Offers values, numbered; anything else that is typed is taken as the value itself. */
const pick = async (asker: Asker, print: (line: string) => void, title: string, offered: readonly OfferedValue[], suggested: string | undefined): Promise<string | undefined> => {
	print(`  ${title}:`);
	offered.forEach((each, index) => print(`  ${String(index + 1).padStart(3)}  ${each.title}${each.detail === undefined ? '' : `  ${each.detail}`}${each.disabled === undefined ? '' : `  (not this one: ${each.disabled})`}${each.value === suggested ? '  (Enter takes this one)' : ''}`));
	for (;;) {
		const answer = await asker.ask('  Number, or a value:');
		if (answer === undefined) return undefined;
		if (answer === '' && suggested !== undefined && suggested !== '') return suggested;
		if (answer === '') continue;
		const picked = /^\d{1,3}$/.test(answer) ? offered[Number(answer) - 1] : undefined;
		if (picked === undefined) return answer;
		if (picked.disabled === undefined) return picked.value;
		print(`  not this one: ${picked.disabled}`);
	}
};

const input = async (handle: RunHandle, waiting: Extract<Waiting, { kind: 'input' }>, { asker, print, yes }: DriveOptions): Promise<Answered> => {
	const { step, offers } = waiting;
	const found = handle.state.playbook.steps.find((each) => each.id === step);
	const fields: Readonly<Record<string, Param>> = found?.kind === 'input' ? found.fields : {};
	const suggestions = Object.entries(fields).map(([name]) => [name, offers?.[name]?.suggested ?? ''] as const);
	if (yes && suggestions.every(([, value]) => value !== '')) return say({ kind: 'input', step, values: Object.fromEntries(suggestions) });
	if (asker === undefined) return needs(`${titleOf(handle, step)}: values are asked for`);
	print('');
	print(titleOf(handle, step));
	const values: Record<string, string> = {};
	for (const [name, field] of Object.entries(fields)) {
		const offered = offers?.[name];
		if (offered !== undefined && offered.choices.length > 0) {
			const picked = await pick(asker, print, field.title ?? name, offered.choices, offered.suggested);
			if (picked === undefined) return left;
			values[name] = picked;
			continue;
		}
		const preset = field.default === undefined ? '' : String(field.default);
		const question = `  ${field.title ?? name}${preset === '' ? '' : ` (${preset})`}:`;
		const answer = await (field.type === 'secret' ? asker.askSecret(question) : asker.ask(question));
		if (answer === undefined) return left;
		values[name] = answer === '' ? preset : answer;
	}
	return say({ kind: 'input', step, values });
};

const failed = async (handle: RunHandle, waiting: Extract<Waiting, { kind: 'failed' }>, { asker, print }: DriveOptions): Promise<Answered> => {
	const { step } = waiting;
	// Nobody can be asked: the run ends here, and says so, instead of waiting for ever.
	if (asker === undefined) return say({ kind: 'cancel', because: 'failed' });
	print('');
	print(`FAILED ${titleOf(handle, step)}: ${waiting.words}`);
	return choose(asker, print, [
		...(waiting.canRetry ? [{ title: 'Try it again', answer: () => say({ kind: 'retry', step }) }] : []),
		{ title: 'Skip it', answer: async () => say({ kind: 'skip', step, why: await why(asker) }) },
		{ title: 'Go on as if it were done', answer: () => say({ kind: 'go-on', step }) },
		...(waiting.canRollback ? [{ title: 'Roll back: undo what was done, newest first', answer: () => say({ kind: 'rollback' }) }] : []),
		{ title: 'End the run here', answer: () => say({ kind: 'cancel' }) },
		{ title: 'Leave; the run waits', answer: () => left },
	]);
};

const unknown = async (handle: RunHandle, waiting: Extract<Waiting, { kind: 'unknown' }>, { asker, print }: DriveOptions): Promise<Answered> => {
	const { step, execution } = waiting;
	if (asker === undefined) return needs(`what became of ${titleOf(handle, step)} is not known, and a person has to say`);
	print('');
	print(`What became of it is not known: ${titleOf(handle, step)}`);
	for (const line of waiting.evidence) print(`  ${line}`);
	if (waiting.unless !== undefined) print(waiting.unless ? '  What it brings about is there already.' : '  What it brings about is not there.');
	const settle = (as: 'done' | 'failed' | 'retry' | 'skip') => async () => say({ kind: 'settle', step, execution, as, why: await why(asker) });
	const leave = { title: 'Leave; the run waits', answer: () => left };
	const { choices } = waiting;
	if (choices !== undefined) {
		const advised = choices.findIndex((each) => each.advised === true);
		return choose(
			asker,
			print,
			[...choices.map(({ as, title, why: words }) => ({ title: `${title}: ${words}`, answer: as === 'rollback' ? () => say({ kind: 'rollback' }) : settle(as) })), leave],
			advised < 0 ? undefined : advised,
		);
	}
	return choose(asker, print, [
		{ title: 'It was done', answer: settle('done') },
		{ title: 'It failed', answer: settle('failed') },
		{ title: 'Do it again', answer: settle('retry') },
		{ title: 'Leave it out', answer: settle('skip') },
		leave,
	]);
};

/** Finds the answer to what a run waits for: from `--yes` where that may answer, else from the person. */
export const answerWaiting = async (handle: RunHandle, waiting: Waiting, options: DriveOptions): Promise<Answered> => {
	const { asker, print } = options;
	switch (waiting.kind) {
		case 'confirm':
			return confirm(handle, waiting, options);
		case 'choose':
			return cause(handle, waiting, options);
		case 'manual':
			return manual(handle, waiting, options);
		case 'input':
			return input(handle, waiting, options);
		case 'approval':
			if (asker === undefined) return needs(`${waiting.of}: a second person has to approve`);
			print(`Waits for a second person: ${waiting.of}. In a session of their own: sitrep playbook approve ${handle.id} --as NAME`);
			return { kind: 'wait' };
		case 'secret': {
			if (asker === undefined) return needs(`${waiting.title} is needed: give it in the environment as SITREP_SECRET_${waiting.name}`);
			const value = await asker.askSecret(`${waiting.title} (not shown, not stored):`);
			return value === undefined ? left : say({ kind: 'secret', name: waiting.name, value });
		}
		case 'failed':
			return failed(handle, waiting, options);
		case 'unknown':
			return unknown(handle, waiting, options);
		case 'playbook': {
			if (options.yes) return say({ kind: 'open-playbook', step: waiting.step, accept: true });
			if (asker === undefined) return needs(`${titleOf(handle, waiting.step)} failed, and the playbook proposes ${waiting.playbook}`);
			const answer = await asker.ask(`${titleOf(handle, waiting.step)} failed. Go on with ${waiting.playbook}? y/N:`);
			return answer === undefined ? left : say({ kind: 'open-playbook', step: waiting.step, accept: isYes(answer) });
		}
		case 'journal': {
			print(`No record, no change: ${waiting.why}. ${waiting.advice}`);
			if (asker === undefined) return needs('the journal cannot be written');
			const answer = await asker.ask('Enter tries again, q leaves:');
			return answer === undefined || answer === 'q' ? left : say({ kind: 'retry', step: handle.state.current ?? '' });
		}
	}
};
