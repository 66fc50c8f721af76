// A console that starts one supervised command and then waits to be killed. Its argument is the command's spec, as JSON.
import process from 'node:process';
import type { CommandSpec } from '../../../src/domain/run/execution.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';

const spec: CommandSpec = JSON.parse(process.argv[2] ?? '');
await createCommandSupervisor().start(spec);
process.stdout.write('started\n');
setInterval(() => undefined, 60_000);
