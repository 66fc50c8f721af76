import { sanitiseText } from '../../domain/sanitise.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import { exitCodes } from '../exitCodes.ts';
import { CliFailure } from '../failure.ts';
import type { GlobalOptions } from '../globals.ts';
import { findPlaybook, follow, pairs, secretsFrom } from '../playbook/run.ts';
import { planLines } from '../playbook/text.ts';
import type { CliContext } from '../ports.ts';

/** What is done: back to a version, or with what an earlier move left. */
export type RollbackAct = 'rollback' | 'undo' | 'finish' | 'retire';

export interface RollbackOptions {
	readonly act: RollbackAct;
	/** Empty: the last good version. */
	readonly to: string;
	readonly playbook?: string;
	readonly param: readonly string[];
	readonly dryRun: boolean;
	readonly yes: boolean;
	readonly json: boolean;
}

/** Playbooks for what an earlier move left. */
const actPlaybooks: Readonly<Record<Exclude<RollbackAct, 'rollback'>, string>> = { undo: 'generic-rollback-undo', finish: 'generic-rollback-finish', retire: 'generic-rollback-retire' };

const isOfAct = (id: string): boolean => Object.values(actPlaybooks).includes(id);

interface Candidate {
	readonly loaded: LoadedPlaybook;
	readonly values: Readonly<Record<string, string>>;
}

/** The playbook that is meant: the one that was named, else the most fitting rollback. */
const choose = async (context: CliContext, options: RollbackOptions, fits: readonly Candidate[]): Promise<Candidate> => {
	const wanted = options.playbook ?? (options.act === 'rollback' ? undefined : actPlaybooks[options.act]);
	if (wanted !== undefined) {
		const loaded = await findPlaybook(context, wanted);
		return { loaded, values: fits.find((each) => each.loaded.playbook.id === loaded.playbook.id)?.values ?? {} };
	}
	const found = fits.find(({ loaded }) => loaded.playbook.kind === 'rollback' && !loaded.playbook.draft && !isOfAct(loaded.playbook.id));
	if (found === undefined) throw new CliFailure(exitCodes.unknown, 'there is no playbook for a rollback', { advice: 'See those there are: sitrep playbook list' });
	return found;
};

/** `sitrep rollback`. */
export const runRollback = async (context: CliContext, globals: GlobalOptions, word: string, options: RollbackOptions): Promise<void> => {
	if (globals.readOnly && !options.dryRun) throw new CliFailure(exitCodes.failure, 'a rollback changes something, and --read-only was given', { advice: 'Look at it with --dry-run.' });
	const write = (line: string): void => void context.stdout.write(`${sanitiseText(line)}\n`);
	const given = pairs(options.param);
	const responding = await (await context.playbooks()).responding(globals);
	try {
		const about = await responding.fits(word);
		if (about === undefined) throw new CliFailure(exitCodes.unknown, `there is no service "${sanitiseText(word)}"`, { advice: 'See those there are: sitrep status' });
		const { loaded, values } = await choose(context, options, about.fits);
		const known = loaded.playbook.params;
		const own: Record<string, string> = {};
		if (known['service'] !== undefined) own['service'] = about.service;
		if (known['to'] !== undefined && options.to !== '') own['to'] = options.to;
		// Who says yes on the command line has decided, and takes the version that is named, or the last good one.
		if (known['ask'] !== undefined && options.yes) own['ask'] = 'false';
		const request = { playbook: loaded, params: { ...values, ...own, ...given }, secrets: secretsFrom(context.env, loaded), service: about.service, dryRun: options.dryRun };
		if (options.dryRun) {
			const steps = responding.responder.resolve(request);
			if (options.json) for (const step of steps) context.stdout.write(`${JSON.stringify({ ...step, step: step.id })}\n`);
			else for (const line of planLines(loaded, steps)) write(line);
			if (options.act !== 'rollback') return;
			const lines: string[] = [];
			if (!options.json) write('');
			const possible = await responding.previewMove(about.service, options.to, options.json ? (line) => lines.push(line) : write);
			if (options.json) context.stdout.write(`${JSON.stringify({ kind: 'plan', service: about.service, possible, lines })}\n`);
			if (!possible) context.exit(exitCodes.failure);
			return;
		}
		const handle = await responding.responder.start(request);
		if (!options.json) write(`run ${handle.id}: ${loaded.playbook.title} of ${about.service} on ${responding.hostWords}`);
		await follow(context, handle, { yes: options.yes, json: options.json, host: responding.hostWords });
	} finally {
		await responding.close();
	}
};
