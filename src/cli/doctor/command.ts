import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';

/** `sitrep doctor`: whether sitrep can work here, and what to do where it cannot. */
export const addDoctor = (program: Command, context: CliContext): void => {
	const command = program
		.command('doctor')
		.summary('whether sitrep can work here, and what to do where it cannot')
		.description(
			'Looks at the engine (what was tried and what answered), your permissions, this terminal, the versions and the disk. Each line is ok, warn or fail, and says what to do. It ends with 0 when nothing fails, 3 when the engine cannot be used, 1 when something else fails. It changes nothing but a test file in the state directory.',
		)
		.option('--json', 'write one JSON document (schemaVersion 1)')
		.action(async (options: { readonly json?: boolean }) => {
			const { runDoctor } = await import('./run.ts');
			await runDoctor(context, globalsOf(command), { json: options.json === true });
		});
	examples(command, [
		['sitrep doctor', 'this machine and its engine'],
		['sitrep --host ssh://ops@prod-1 doctor', 'the engine of another machine'],
		["sitrep doctor --json | jq '.checks[] | select(.state != \"ok\")'", 'only what is not well'],
	]);
};
