import { Command } from 'commander';
import { addCheck } from './check/command.ts';
import { addCompletion } from './completion/command.ts';
import { addComplete } from './completion/complete.ts';
import { addConsole } from './consoleCommand.ts';
import { addDoctor } from './doctor/command.ts';
import { addDrill } from './drillCommand.ts';
import { examples } from './examples.ts';
import { exitCodeWords } from './exitCodes.ts';
import { addGlobalOptions } from './globals.ts';
import { addInit } from './initCommand.ts';
import { addJournal } from './journal/command.ts';
import { addLogs } from './logs/command.ts';
import { addPlaybook } from './playbook/command.ts';
import type { CliContext, CliPorts } from './ports.ts';
import { addRollback } from './rollback/command.ts';
import { addStatus } from './status/command.ts';

/** Lines of help are wrapped to this at most: longer ones are hard to read. */
const maxHelpWidth = 100;

/**
 * The whole command tree. Actions reject with what went wrong; `runCli` puts that into words and codes.
 * @param ports with `exit`, which receives the code of a command that ends without an error (default: nobody asks)
 */
export const buildProgram = (ports: CliPorts & Partial<Pick<CliContext, 'exit'>>): Command => {
	const context: CliContext = { ...ports, exit: ports.exit ?? (() => {}) };
	const helpWidth = (columns: number | undefined) => (): number => Math.min(maxHelpWidth, columns ?? 80);
	const program = new Command('sitrep')
		.description('A situation report for your containers: what is broken, how badly, and why. Without a command it opens the console.')
		.version(context.version, '-V, --version', 'print the version')
		.helpOption('-h, --help', 'print help; also after a command')
		.helpCommand(false)
		.configureHelp({ showGlobalOptions: true })
		.configureOutput({
			writeOut: (text) => void context.stdout.write(text),
			writeErr: (text) => void context.stderr.write(text),
			getOutHelpWidth: helpWidth(context.stdout.columns),
			getErrHelpWidth: helpWidth(context.stderr.columns),
			getOutHasColors: () => false,
			getErrHasColors: () => false,
		});
	addGlobalOptions(program);
	program.commandsGroup('Look:');
	addConsole(program, context);
	addStatus(program, context);
	addCheck(program, context);
	addLogs(program, context);
	program.commandsGroup('Respond:');
	addRollback(program, context);
	addPlaybook(program, context);
	addJournal(program, context);
	program.commandsGroup('Set up:');
	addDoctor(program, context);
	addInit(program, context);
	addCompletion(program, context);
	program.commandsGroup('Practise:');
	addDrill(program, context);
	addComplete(program, context);
	program.addHelpText('after', `\nExit codes:\n${exitCodeWords.map(([code, words]) => `  ${String(code).padStart(3)}  ${words}`).join('\n')}\n       check has its own: see \`sitrep check --help\``);
	examples(program, [
		['sitrep', 'open the console on the local engine'],
		['sitrep --host ssh://ops@prod-1', 'on another machine, over ssh'],
		['sitrep status', 'the report once, as text'],
		['sitrep logs web -f --level error', "follow a service's errors"],
		['sitrep doctor', 'it does not work: what is wrong here'],
	]);
	return program;
};
