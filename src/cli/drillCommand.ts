import type { Command } from 'commander';
import { sanitiseText } from '../domain/sanitise.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exitCodes.ts';
import { CliFailure } from './failure.ts';
import { globalsOf } from './globals.ts';
import { schemaVersion } from './json.ts';
import { jsonText } from './jsonText.ts';
import type { CliContext, DrillPort, DrillRequest } from './ports.ts';

/** Argument that takes the name of a fault; completion knows it by this. */
export const faultArgumentName = 'fault';

interface DrillOptions {
	readonly json?: boolean;
}

const known = (port: DrillPort, fault: string): void => {
	if (port.faults.some((each) => each.name === fault)) return;
	throw new CliFailure(exitCodes.usage, `there is no fault "${sanitiseText(fault)}"`, { advice: `There are: ${port.faults.map((each) => each.name).join(', ')}.` });
};

const asJson = (command: Command): Command => command.option('--json', 'the answer as one JSON document (schemaVersion 1)');

/** `sitrep drill`: real containers made to be broken. */
export const addDrill = (program: Command, context: CliContext): void => {
	const drill = program
		.command('drill')
		.summary('practise on containers made to be broken')
		.description('Brings up a small range of real containers on your engine, breaks them for real, and mends them. The range is its own: drill never touches other containers. Ctrl-C ends a drill command after the step it is at.');
	const line = (output: CliContext['stdout']) => (text: string): void => void output.write(`${sanitiseText(text)}\n`);

	/** @param left how the range may be left where the command is ended half way */
	const perform = async (command: Command, options: DrillOptions, left: string, work: (port: DrillPort, request: DrillRequest) => Promise<void>): Promise<void> => {
		const globals = changing(command);
		const signal = context.interrupts();
		try {
			await work(await context.drill(), { globals, json: options.json === true, print: line(context.stdout), say: line(context.stderr), signal });
		} catch (error) {
			// A failure that comes of being ended says less than what is left.
			if (signal.aborted) context.stderr.write(`sitrep: drill ${command.name()} was ended half way. ${left}\n`);
			throw error;
		}
	};

	const up = asJson(drill.command('up'))
		.summary('bring the range up')
		.description('Builds the images it needs, without a registry, and starts the range.')
		.action(async (options: DrillOptions) => perform(up, options, 'What it made is there: `sitrep drill up` makes the rest, `sitrep drill down` removes it.', (port, request) => port.up(request)));
	const down = asJson(drill.command('down'))
		.summary('remove the range')
		.description('Removes every container, volume, network and image of the range.')
		.action(async (options: DrillOptions) => perform(down, options, '`sitrep drill down` removes the rest.', (port, request) => port.down(request)));
	const breaking = asJson(drill.command('break'))
		.summary('break it in one way')
		.description('Brings one fault about. See them with `sitrep drill list`.')
		.argument(`<${faultArgumentName}>`, 'the fault to bring about')
		.action(async (fault: string, options: DrillOptions) =>
			perform(breaking, options, 'The fault may be half made: `sitrep drill heal` mends it.', async (port, request) => {
				known(port, fault);
				await port.break({ ...request, fault });
			}),
		);
	const heal = asJson(drill.command('heal'))
		.summary('mend it')
		.description('Takes every fault back, or the one that is named, with what else was done to the same container: its restart ends that too.')
		.argument(`[${faultArgumentName}]`, 'the fault to take back (default: all)')
		.action(async (fault: string | undefined, options: DrillOptions) =>
			perform(heal, options, 'The range may be half mended: `sitrep drill heal` goes on.', async (port, request) => {
				if (fault !== undefined) known(port, fault);
				await port.heal({ ...request, fault });
			}),
		);
	asJson(drill.command('list'))
		.summary('the faults there are')
		.description('Lists the faults that `sitrep drill break` can bring about.')
		.action(async (options: DrillOptions) => {
			const { faults } = await context.drill();
			if (options.json === true) {
				context.stdout.write(`${jsonText({ schemaVersion, faults: faults.map(({ name, title }) => ({ name, title })) })}\n`);
				return;
			}
			const width = Math.max(0, ...faults.map((fault) => fault.name.length));
			context.stdout.write(faults.map((fault) => `${fault.name.padEnd(width)}  ${fault.title}\n`).join(''));
		});
	examples(drill, [
		['sitrep drill up', 'bring the range up, then open `sitrep` in another terminal'],
		['sitrep drill list', 'what can be broken'],
		['sitrep drill break out-of-memory', 'break it'],
		['sitrep drill heal', 'mend everything'],
		['sitrep drill heal database-lock', 'take one fault back'],
		['sitrep drill down', 'remove the range'],
	]);
};

const changing = (command: Command): ReturnType<typeof globalsOf> => {
	const globals = globalsOf(command);
	if (globals.readOnly) throw new CliFailure(exitCodes.failure, `drill ${command.name()} changes containers, and --read-only was given`, { advice: 'Leave --read-only out.' });
	return globals;
};
