import process from 'node:process';
import type { CommandSpec } from '../../../src/domain/run/execution.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';

/** Stands in for a console that is killed: starts the command it is given, says so, and waits. */
const spec = JSON.parse(process.argv[2] ?? '') as CommandSpec;
const supervisor = createCommandSupervisor();
if (process.argv[3] === 'warm') {
	supervisor.warm();
	await new Promise((resolve) => setTimeout(resolve, 300));
}
const command = await supervisor.start(spec);
process.stdout.write('started\n');
await command.ended;
process.stdout.write('ended\n');
supervisor.close();
