import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { globalsOf } from '../globals.ts';
import type { CliContext } from '../ports.ts';
import { serviceArgument } from '../serviceArgument.ts';
import { defaultTail, type RawLogsOptions } from './options.ts';

/** `sitrep logs`: logs of one or more services, in order of time. */
export const addLogs = (program: Command, context: CliContext): void => {
	const command = program
		.command('logs')
		.summary('logs of one or more services, in order of time')
		.description(
			`Prints the logs of the services, merged in order of time, with their names in front when there are several. Without --tail and --since: the last ${defaultTail} lines of each container. Control characters are made visible, so a line cannot take over the terminal. --follow goes on over stops and starts, and over an engine that goes away and comes back, until Ctrl-C; where every container was removed and none is made anew, it ends after a minute.`,
		)
		.addArgument(serviceArgument('services, containers or whole groups', { required: true }))
		.optionsGroup('Which lines:')
		.option('-f, --follow', 'go on with new lines as they come')
		.option('-s, --since <when>', 'from so long ago (10m, 1h30m), or from a time (2026-11-21T03:14:07Z)')
		.option('-u, --until <when>', 'up to so long ago, or up to a time')
		.option('-n, --tail <lines>', 'the last so many lines of each container, or all')
		.option('-l, --level <level>', 'at least this level: trace, debug, info, warn, error, fatal; stack traces stay with their error, a line without a level counts as info')
		.option('-g, --grep <text>', 'only lines that match this regular expression')
		.option('-i, --ignore-case', 'match --grep whatever the case')
		.option('--invert', 'only lines that do not match --grep')
		.optionsGroup('How they are written:')
		.option('-t, --timestamps', 'the time in front of each line, UTC')
		.option('--json', 'one JSON document a line (schemaVersion 1)')
		.option('--raw', 'the bytes as the engine keeps them, control characters too; only to a pipe or a file')
		.action(async (words: readonly string[], raw: RawLogsOptions) => {
			const { runLogs } = await import('./run.ts');
			await runLogs(context, globalsOf(command), words, raw);
		});
	examples(command, [
		['sitrep logs web', `the last ${defaultTail} lines`],
		['sitrep logs web worker -f', 'two services, in order of time, as they come'],
		['sitrep logs shop --since 10m --level error', 'errors of a whole compose project in the last 10 minutes'],
		['sitrep logs web --grep "timeout|refused" -i', 'lines about timeouts, whatever the case'],
		["sitrep logs web --since 1h --json | jq -r 'select(.level == \"error\") | .message'", 'for a script'],
		['sitrep logs web --tail all --raw > web.log', 'everything, byte for byte as the engine keeps it'],
	]);
};
