import type { Command } from 'commander';
import { isHarmless } from '../../domain/sanitise.ts';
import { type GlobalOptions, globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { type Topic, topics } from './model.ts';

/** A person who pressed Tab waits no longer than this, ms. */
const timeoutMs = 1500;

/** Runs that are offered, the newest first. */
const mostRuns = 50;

/** The engine that was named earlier on the line that is being typed. */
const withTyped = (globals: GlobalOptions, typed: readonly string[]): GlobalOptions => {
	const after = (...names: readonly string[]): string | undefined => {
		for (const [index, word] of typed.entries()) {
			if (names.includes(word)) return typed[index + 1];
			const long = names.find((name) => name.startsWith('--') && word.startsWith(`${name}=`));
			if (long !== undefined) return word.slice(long.length + 1);
		}
		return undefined;
	};
	const host = after('-H', '--host');
	const context = after('-c', '--context');
	const config = after('--config');
	return { ...globals, ...(host === undefined ? {} : { host }), ...(context === undefined ? {} : { context }), ...(config === undefined ? {} : { config }) };
};

const candidates = (context: CliContext, globals: GlobalOptions, topic: Topic): Promise<readonly string[]> => {
	switch (topic) {
		case 'services':
			return context.serviceNames(globals, timeoutMs);
		case 'faults':
			return context.drill().then((drill) => drill.faults.map((fault) => fault.name));
		case 'contexts':
			return context.contextNames();
		case 'playbooks':
			return context.playbooks().then((port) => port.library()).then(({ playbooks }) => playbooks.map(({ playbook }) => playbook.id));
		case 'runs':
		case 'unfinished':
			return context.journal().then((journal) => journal.runs({ limit: mostRuns, ...(topic === 'unfinished' ? { unfinished: true } : {}) })).then((runs) => runs.map(({ runId }) => runId));
	}
};

/** Hidden: what completion scripts ask. One candidate a line, nothing where anything goes wrong. */
export const addComplete = (program: Command, context: CliContext): void => {
	const command = program
		.command('__complete', { hidden: true })
		.argument('<topic>')
		.argument('[typed...]')
		.action(async (word: string, typed: readonly string[]) => {
			const topic = topics.find((each) => each === word);
			if (topic === undefined) return;
			try {
				const found = await candidates(context, withTyped(globalsOf(command), typed), topic);
				// A name with blanks or control characters could not be typed back as one word.
				for (const name of found) if (isHarmless(name) && !/\s/.test(name)) context.stdout.write(`${name}\n`);
			} catch {
				// An error message would land in the line that is being typed.
			}
		});
};
