import type { Command } from 'commander';
import { sanitiseText } from '../domain/sanitise.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exitCodes.ts';
import { CliFailure } from './failure.ts';
import { globalsOf } from './globals.ts';
import type { CliContext, DrillPort } from './ports.ts';

/** Argument that takes the name of a fault; completion knows it by this. */
export const faultArgumentName = 'fault';

const known = (port: DrillPort, fault: string): void => {
	if (port.faults.some((each) => each.name === fault)) return;
	throw new CliFailure(exitCodes.usage, `there is no fault "${sanitiseText(fault)}"`, { advice: `There are: ${port.faults.map((each) => each.name).join(', ')}.` });
};

/** `sitrep drill`: real containers made to be broken. */
export const addDrill = (program: Command, context: CliContext): void => {
	const drill = program
		.command('drill')
		.summary('practise on containers made to be broken')
		.description('Brings up a small range of real containers on your engine, breaks them for real, and mends them. The range is its own: drill never touches other containers.');
	const print = (line: string): void => void context.stdout.write(`${sanitiseText(line)}\n`);
	const common = (command: Command) => ({ globals: changing(command), print, signal: context.interrupts() });

	const up = drill
		.command('up')
		.summary('bring the range up')
		.description('Builds the images it needs, without a registry, and starts the range.')
		.action(async () => (await context.drill()).up(common(up)));
	const down = drill
		.command('down')
		.summary('remove the range')
		.description('Removes every container, volume, network and image of the range.')
		.action(async () => (await context.drill()).down(common(down)));
	const breaking = drill
		.command('break')
		.summary('break it in one way')
		.description('Brings one fault about. See them with `sitrep drill list`.')
		.argument(`<${faultArgumentName}>`, 'the fault to bring about')
		.action(async (fault: string) => {
			const port = await context.drill();
			known(port, fault);
			await port.break({ ...common(breaking), fault });
		});
	const heal = drill
		.command('heal')
		.summary('mend it')
		.description('Takes every fault back.')
		.action(async () => (await context.drill()).heal(common(heal)));
	drill
		.command('list')
		.summary('the faults there are')
		.description('Lists the faults that `sitrep drill break` can bring about.')
		.action(async () => {
			const { faults } = await context.drill();
			const width = Math.max(0, ...faults.map((fault) => fault.name.length));
			context.stdout.write(faults.map((fault) => `${fault.name.padEnd(width)}  ${fault.title}\n`).join(''));
		});
	examples(drill, [
		['sitrep drill up', 'bring the range up, then open `sitrep` in another terminal'],
		['sitrep drill list', 'what can be broken'],
		['sitrep drill break out-of-memory', 'break it'],
		['sitrep drill heal', 'mend everything'],
		['sitrep drill down', 'remove the range'],
	]);
};

const changing = (command: Command): ReturnType<typeof globalsOf> => {
	const globals = globalsOf(command);
	if (globals.readOnly) throw new CliFailure(exitCodes.failure, `drill ${command.name()} changes containers, and --read-only was given`, { advice: 'Leave --read-only out.' });
	return globals;
};
