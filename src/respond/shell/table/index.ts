import type { CommandRule } from '../rule.ts';
import { containerCommandTable } from './containers.ts';
import { databaseCommands } from './databases.ts';
import { fileCommands } from './files.ts';
import { networkCommands } from './network.ts';
import { sourceCommands } from './source.ts';
import { systemCommands } from './system.ts';
import { wrapperCommands } from './wrappers.ts';

/** Everything that is known of programs, by name. What is not here may change something. */
export const commandTable: Readonly<Record<string, CommandRule>> = {
	...fileCommands,
	...systemCommands,
	...networkCommands,
	...sourceCommands,
	...containerCommandTable,
	...databaseCommands,
	...wrapperCommands,
};
