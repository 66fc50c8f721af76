import process from 'node:process';
import { runCli } from './cli/run.ts';
import { cliPorts } from './main/cliPorts.ts';

process.exitCode = await runCli(cliPorts(), process.argv.slice(2));
// Sockets that an engine keeps open must not hold a process that has done its work; what was written is out first.
process.stdout.write('', () => process.exit());
