import { CommanderError } from 'commander';
import { sanitiseText } from '../domain/sanitise.ts';
import { exitCodes, signalCode } from './exitCodes.ts';
import { explain, failureText } from './failure.ts';
import type { CliPorts } from './ports.ts';
import { buildProgram } from './program.ts';

/**
 * Runs one command line. Never rejects: what goes wrong is told on stderr and in the code.
 * @param words the command line without node and script
 * @returns the exit code of the process
 */
export const runCli = async (ports: CliPorts, words: readonly string[]): Promise<number> => {
	let code: number = exitCodes.ok;
	let interrupts: AbortSignal | undefined;
	const program = buildProgram({
		...ports,
		interrupts: () => (interrupts ??= ports.interrupts()),
		exit: (asked) => {
			code = asked;
		},
	});
	let usage = '';
	for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
		command.exitOverride();
		command.configureOutput({
			outputError: (text) => {
				usage += text;
			},
		});
	}
	try {
		await program.parseAsync([...words], { from: 'user' });
	} catch (error) {
		if (ports.stdout.gone.aborted) return exitCodes.ok;
		if (interrupts?.aborted === true) return signalCode(interrupts.reason);
		return fail(ports, words, error, usage);
	}
	// `sitrep status | head -1`: the reader has what it wanted.
	if (ports.stdout.gone.aborted) return exitCodes.ok;
	return interrupts?.aborted === true ? signalCode(interrupts.reason) : code;
};

/** The first word that is no option; good enough to tell which command a wrong command line meant. */
const isCheck = (words: readonly string[]): boolean => words.find((word) => !word.startsWith('-')) === 'check' || words.includes('check');

const fail = async (ports: CliPorts, words: readonly string[], error: unknown, usage: string): Promise<number> => {
	if (error instanceof CommanderError) {
		if (error.exitCode === 0) return exitCodes.ok;
		const text = usageText(usage === '' ? error.message : usage);
		if (isCheck(words)) return tellUnknown(ports, text.what, text.advice);
		ports.stderr.write(`sitrep: ${text.what}\n  ${text.advice}\n`);
		return exitCodes.usage;
	}
	const explanation = explain(error);
	if (isCheck(words)) return tellUnknown(ports, explanation.what, explanation.advice);
	ports.stderr.write(failureText(explanation, words.includes('--verbose')));
	return explanation.exitCode;
};

/** Monitoring systems read 2 as CRITICAL, so a wrong command line of `check` must not end with it. */
const tellUnknown = async (ports: CliPorts, what: string, advice: string | undefined): Promise<number> => {
	const { unknownCheck } = await import('./check/verdict.ts');
	const result = unknownCheck(what, advice);
	ports.stdout.write(`${result.lines.join('\n')}\n`);
	return result.code;
};

/** Commander's words in our form: what failed and on what, then what to do. */
const usageText = (raw: string): { readonly what: string; readonly advice: string } => {
	const lines = raw.split('\n').map((line) => sanitiseText(line).trim()).filter((line) => line !== '');
	const what = (lines[0] ?? 'wrong command line').replace(/^error: /, '');
	const hint = lines.find((line) => line.startsWith('(Did you mean'));
	return { what, advice: hint === undefined ? 'See `sitrep --help`.' : `${hint.slice(1, -1)} See \`sitrep --help\`.` };
};
