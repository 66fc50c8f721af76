import type { Input, Output } from '../ports.ts';
import type { DoctorCheck } from './check.ts';

type Env = Readonly<Record<string, string | undefined>>;

const make = (id: string, title: string, state: DoctorCheck['state'], words: string, advice?: string): DoctorCheck => ({
	id: `terminal.${id}`,
	group: 'terminal',
	title,
	state,
	words,
	...(advice === undefined ? {} : { advice }),
});

const set = (value: string | undefined): value is string => value !== undefined && value !== '';

/** What the console will find in this terminal. */
export const terminalChecks = (env: Env, stdin: Input, stdout: Output): readonly DoctorCheck[] => [
	tty(stdin, stdout),
	type(env),
	colours(env),
	size(stdout),
	locale(env),
	multiplexer(env),
	...remote(env),
	clipboard(env),
];

const tty = (stdin: Input, stdout: Output): DoctorCheck =>
	stdin.isTTY && stdout.isTTY
		? make('tty', 'terminal', 'ok', 'input and output')
		: make('tty', 'terminal', 'warn', `${stdout.isTTY ? 'input' : 'output'} is not a terminal`, 'The console cannot open here; over ssh use `ssh -t HOST sitrep`. The other commands work.');

const type = (env: Env): DoctorCheck => {
	const term = env['TERM'];
	if (!set(term)) return make('type', 'TERM', 'warn', 'not set', 'Set it to what your terminal is, such as `export TERM=xterm-256color`.');
	return term === 'dumb'
		? make('type', 'TERM', 'warn', 'dumb', 'The session will be a linear one (numbered menus). For the console set TERM to what your terminal is.')
		: make('type', 'TERM', 'ok', term);
};

const colours = (env: Env): DoctorCheck => {
	if (set(env['NO_COLOR'])) return make('colours', 'colours', 'ok', 'none, because NO_COLOR is set');
	if (env['FORCE_COLOR'] !== undefined) return make('colours', 'colours', 'ok', `as FORCE_COLOR=${env['FORCE_COLOR']} says`);
	const term = env['TERM'] ?? '';
	if (env['COLORTERM'] === 'truecolor' || env['COLORTERM'] === '24bit') return make('colours', 'colours', 'ok', '16 million (COLORTERM)');
	if (term.includes('256')) return make('colours', 'colours', 'ok', '256');
	if (term === '' || term === 'dumb') return make('colours', 'colours', 'ok', 'none; severities are written out, nothing is lost');
	return make('colours', 'colours', 'ok', '16');
};

const size = (stdout: Output): DoctorCheck => {
	const { columns, rows } = stdout;
	if (columns === undefined || rows === undefined) return make('size', 'size', 'ok', 'unknown, no terminal');
	const words = `${columns}x${rows}`;
	if (columns < 60 || rows < 16) return make('size', 'size', 'fail', words, 'The console needs at least 60x16: make the window larger, or use `sitrep --linear`.');
	return columns < 80 || rows < 24 ? make('size', 'size', 'warn', words, 'It works; 80x24 and more show everything.') : make('size', 'size', 'ok', words);
};

const locale = (env: Env): DoctorCheck => {
	const value = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(set);
	if (value !== undefined && /utf-?8/i.test(value)) return make('unicode', 'unicode', 'ok', value);
	return make('unicode', 'unicode', 'warn', value === undefined ? 'no locale is set' : `${value} is not UTF-8`, 'The console draws with ASCII. For lines and graphs: `export LC_ALL=C.UTF-8` (or --ascii to keep it so).');
};

const multiplexer = (env: Env): DoctorCheck => {
	if (set(env['TMUX'])) return make('multiplexer', 'multiplexer', 'ok', 'tmux: the session survives a lost connection');
	if (set(env['STY'])) return make('multiplexer', 'multiplexer', 'ok', 'screen: the session survives a lost connection');
	return set(env['SSH_CONNECTION'])
		? make('multiplexer', 'multiplexer', 'ok', 'none; in tmux or screen the session would survive a lost connection')
		: make('multiplexer', 'multiplexer', 'ok', 'none');
};

const remote = (env: Env): readonly DoctorCheck[] => {
	const from = env['SSH_CONNECTION']?.split(' ')[0];
	return set(from) ? [make('ssh', 'ssh', 'ok', `from ${from}`)] : [];
};

/** Whether OSC 52 arrives cannot be asked; what is known to stand in its way can be told. */
const clipboard = (env: Env): DoctorCheck => {
	if (set(env['TMUX'])) return make('clipboard', 'clipboard', 'ok', 'OSC 52 through tmux, if it lets it: `tmux set -s set-clipboard on`');
	if (set(env['STY'])) return make('clipboard', 'clipboard', 'warn', 'screen passes no OSC 52 on', 'Copying will not reach your clipboard: save to a file instead, or use tmux.');
	if (env['TERM'] === 'linux') return make('clipboard', 'clipboard', 'warn', 'the Linux console has no clipboard', 'Save to a file instead.');
	if (env['TERM_PROGRAM'] === 'Apple_Terminal') return make('clipboard', 'clipboard', 'warn', 'Terminal.app does not know OSC 52', 'Copying will not reach your clipboard: save to a file, or use another terminal.');
	if (set(env['VTE_VERSION']) && Number(env['VTE_VERSION']) < 7600) return make('clipboard', 'clipboard', 'warn', 'this VTE terminal is too old for OSC 52', 'Copying will not reach your clipboard: save to a file instead.');
	return make('clipboard', 'clipboard', 'ok', 'OSC 52, if your terminal allows it');
};
