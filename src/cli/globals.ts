import { type Command, Option } from 'commander';

/** Options that every command takes. */
export interface GlobalOptions {
	/** `--host`: address of the engine. */
	readonly host?: string;
	/** `--context`: name of a docker context. */
	readonly context?: string;
	/** `--config`: path of sitrep.yaml. */
	readonly config?: string;
	readonly readOnly: boolean;
	readonly theme: 'auto' | 'dark' | 'light' | 'none';
	readonly ascii: boolean;
	readonly linear: boolean;
	/** False with `--no-color`. */
	readonly color: boolean;
	readonly verbose: boolean;
}

/** Adds the global options to the program. */
export const addGlobalOptions = (program: Command): Command =>
	program
		.optionsGroup('Which engine:')
		.addOption(new Option('-H, --host <address>', 'address of the engine: unix:///…, ssh://user@host, tcp://host:2376').conflicts('context'))
		.addOption(new Option('-c, --context <name>', 'docker context to use'))
		.optionsGroup('How it behaves:')
		.option('--config <file>', 'configuration (default: sitrep.yaml in this directory, else the one of your account)')
		.option('--read-only', 'refuse everything that would change something')
		.optionsGroup('How it looks:')
		.addOption(new Option('--theme <name>', 'colours of the console').choices(['auto', 'dark', 'light', 'none']).default('auto'))
		.option('--ascii', 'draw with ASCII characters only')
		.option('--linear', 'append-only session with numbered menus, for screen readers and plain terminals')
		.option('--no-color', 'no colours (so does NO_COLOR; FORCE_COLOR=1 asks for them in a pipe)')
		.option('--verbose', 'tell more when something fails');

/** Reads them from any command of the tree. */
export const globalsOf = (command: Command): GlobalOptions => {
	const values = command.optsWithGlobals();
	const text = (key: string): string | undefined => {
		const value: unknown = values[key];
		return typeof value === 'string' ? value : undefined;
	};
	const host = text('host');
	const context = text('context');
	const config = text('config');
	const theme = text('theme');
	return {
		...(host === undefined ? {} : { host }),
		...(context === undefined ? {} : { context }),
		...(config === undefined ? {} : { config }),
		readOnly: values['readOnly'] === true,
		theme: theme === 'dark' || theme === 'light' || theme === 'none' ? theme : 'auto',
		ascii: values['ascii'] === true,
		linear: values['linear'] === true,
		color: values['color'] !== false,
		verbose: values['verbose'] === true,
	};
};
