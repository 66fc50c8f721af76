import { join } from 'node:path';
import type { Command } from 'commander';
import { sanitiseText } from '../domain/sanitise.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exitCodes.ts';
import { CliFailure } from './failure.ts';
import { globalsOf } from './globals.ts';
import type { CliContext } from './ports.ts';

/** `sitrep init`: writes sitrep.yaml from what runs. */
export const addInit = (program: Command, context: CliContext): void => {
	const command = program
		.command('init')
		.summary('write sitrep.yaml from what runs')
		.description(
			'Looks at the containers that run and writes a first sitrep.yaml: their services, and probes for the ports they publish. Read it before you rely on it: it knows what runs, not what should. An existing file is kept unless --force is given. --config says where it goes.',
		)
		.option('-f, --force', 'replace an existing file')
		.option('--stdout', 'print it instead of writing a file')
		.action(async (options: { readonly force?: boolean; readonly stdout?: boolean }) => {
			const globals = globalsOf(command);
			const { text, notes } = await context.initialConfig(globals);
			const tellNotes = (): void => {
				for (const note of notes) context.stderr.write(`note: ${sanitiseText(note)}\n`);
			};
			if (options.stdout === true) {
				context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
				tellNotes();
				return;
			}
			const path = globals.config ?? join(context.workingDir, 'sitrep.yaml');
			try {
				await context.writeFile(path, text, { overwrite: options.force === true });
			} catch (error) {
				throw writeFailure(path, error);
			}
			context.stdout.write(`wrote ${sanitiseText(path)}\n`);
			tellNotes();
		});
	examples(command, [
		['sitrep init', 'write ./sitrep.yaml'],
		['sitrep init --stdout', 'only show it'],
		['sitrep init --config ~/.config/sitrep/sitrep.yaml', 'for every directory you work in'],
	]);
};

const writeFailure = (path: string, error: unknown): CliFailure => {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'EEXIST') {
		return new CliFailure(exitCodes.failure, `${path} exists and was left as it is`, { advice: 'Replace it with --force, or look at the difference: `sitrep init --stdout | diff sitrep.yaml -`.', cause: error });
	}
	const words = error instanceof Error ? error.message : String(error);
	return new CliFailure(exitCodes.failure, `${path} was not written: ${words}`, { advice: 'Name another place with --config, or print it with --stdout.', cause: error });
};
