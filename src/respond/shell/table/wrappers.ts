import { hasOption, oddOptions, plainWords, valueOf } from '../options.ts';
import type { CommandRule } from '../rule.ts';
import { each, judged } from '../rule.ts';
import type { ShellWord } from '../types.ts';
import type { Context, Verdict } from '../verdict.ts';
import { both, change, destructive, read, unknown } from '../verdict.ts';

const assignment = /^[A-Za-z_]\w*\+?=/;

interface Wrapper {
	readonly name: string;
	readonly valued?: readonly string[];
	readonly flags?: readonly string[];
	/** Plain words before the command, such as the duration of `timeout`. */
	readonly before?: number;
	readonly assignments?: boolean;
	/** Without a command. */
	readonly bare: Verdict;
}

/** A program that runs the command after it. An option that is not known may be anything, so it is no reader then. */
const wrapper = ({ name, valued = [], flags = [], before = 0, assignments = false, bare }: Wrapper): CommandRule =>
	judged((words, context) => {
		const plain = plainWords(words, { valued }).filter(({ word }) => !(assignments && assignment.test(word.value ?? word.text)));
		// Behind what comes before it the command begins at once: an option there is its own.
		const start = before === 0 ? plain[0]?.index : (plain[before - 1]?.index ?? words.length) + 1;
		const command = start === undefined ? [] : words.slice(start);
		if (start === undefined || command.length === 0) return bare;
		const options = words.slice(0, start);
		const inner = context.argv(command, name);
		const odd = oddOptions(options, valued, flags);
		return odd.length === 0 ? inner : both(inner, unknown(`what ${name} does with ${odd[0] ?? ''} is not known`));
	});

const nothing = (name: string): Verdict => read(`${name} without a command runs nothing`);

const sudo = (words: readonly ShellWord[], context: Context): Verdict => {
	const valued = ['-u', '--user', '-g', '--group', '-C', '-h', '-p', '-r', '-t', '-T', '-U', '-D'];
	const plain = plainWords(words, { valued }).filter(({ word }) => !assignment.test(word.value ?? word.text));
	const first = plain[0];
	const options = first === undefined ? words : words.slice(0, first.index);
	const asks = hasOption(options, ['-n', '--non-interactive']) ? {} : { mayAsk: 'sudo may ask for a password; sudo -n fails instead' };
	if (hasOption(options, ['-e', '--edit'])) return { ...change('sudo -e edits a file'), interactive: 'sudo -e opens an editor' };
	if (first === undefined) {
		if (hasOption(options, ['-i', '-s', '--login', '--shell'])) return { ...unknown('what is typed into the shell only the run tells'), interactive: 'sudo -i opens a shell' };
		return { ...nothing('sudo'), ...asks };
	}
	const odd = oddOptions(options, valued, ['-n', '-E', '-H', '-S', '-k', '-b', '-i', '-s', '-A', '-P', '--preserve-env', '--non-interactive', '--login', '--shell', '--stdin']);
	const inner = context.argv(words.slice(first.index), 'sudo');
	return { ...(odd.length === 0 ? inner : both(inner, unknown(`what sudo does with ${odd[0] ?? ''} is not known`))), ...asks };
};

/** `sh -c 'script'`, `sh file`, or a script through the input. */
const shell =
	(name: string) =>
	(words: readonly ShellWord[], context: Context): Verdict => {
		const at = words.findIndex(({ value }) => value !== undefined && /^-[a-zA-Z]*c[a-zA-Z]*$/.test(value));
		const first = plainWords(words, { valued: ['-o', '--rcfile', '--init-file'] })[0];
		if (at >= 0 && (first === undefined || first.index > at)) {
			// The script is the first word after -c that is no option.
			const script = plainWords(words.slice(at + 1), { valued: ['-o'] })[0];
			return script === undefined ? nothing(name) : context.script(script.word.value, `${name} -c`);
		}
		if (first !== undefined && !hasOption(words.slice(0, first.index), ['-s'])) return unknown(`what ${first.word.text} does is not known`);
		if (context.input.kind === 'text') return context.script(context.input.text, name);
		const verdict = unknown(`what ${name} is told through its input only the run tells`);
		return context.input.kind === 'none' ? { ...verdict, interactive: `${name} without a script waits for a person` } : verdict;
	};

const su = (words: readonly ShellWord[], context: Context): Verdict => {
	const script = valueOf(words, ['-c', '--command']);
	const asks = { mayAsk: 'su may ask for a password' };
	return script === undefined ? { ...unknown('what is typed into the shell only the run tells'), interactive: 'su without -c opens a shell' } : { ...context.script(script.value, 'su'), ...asks };
};

const evaluated = (words: readonly ShellWord[], context: Context): Verdict => {
	const values = words.map(({ value }) => value);
	return context.script(values.includes(undefined) ? undefined : values.join(' '), 'eval');
};

const env = (words: readonly ShellWord[], context: Context): Verdict => {
	const split = words.find(({ value }) => value !== undefined && /^(?:-S|--split-string)/.test(value));
	if (split !== undefined) return unknown('what env -S runs is not known');
	return wrapper({ name: 'env', valued: ['-u', '--unset', '-C', '--chdir'], flags: ['-i', '--ignore-environment', '-0', '--null', '-v', '-'], assignments: true, bare: read('env without a command only shows') }).judge?.(words, context) ?? nothing('env');
};

const xargs = wrapper({
	name: 'xargs',
	valued: ['-n', '--max-args', '-P', '--max-procs', '-I', '-i', '-L', '--max-lines', '-d', '--delimiter', '-s', '--max-chars', '-a', '--arg-file', '-E'],
	flags: ['-0', '--null', '-r', '--no-run-if-empty', '-t', '--verbose', '-x', '--exit'],
	bare: read('xargs without a command only shows'),
});

/** `find … -exec command {} \;`, `-delete`. */
const find = (words: readonly ShellWord[], context: Context): Verdict => {
	let verdict: Verdict = read('find only lists');
	for (let index = 0; index < words.length; index++) {
		const value = words[index]?.value;
		if (value === '-delete') verdict = both(destructive('find -delete removes files'), verdict);
		if (value === '-fprint' || value === '-fprintf' || value === '-fls' || value === '-fprint0') verdict = both(change(`find ${value} writes a file`), verdict);
		if (value !== '-exec' && value !== '-execdir' && value !== '-ok' && value !== '-okdir') continue;
		const end = words.findIndex((word, at) => at > index && (word.value === ';' || (word.value === '+' && words[at - 1]?.value === '{}')));
		const inner = words.slice(index + 1, end < 0 ? words.length : end);
		if (inner.length > 0) verdict = both(verdict, context.argv(inner, `find ${value}`));
		if (value.startsWith('-ok')) verdict = { ...verdict, interactive: `find ${value} asks before each file` };
		// What stands up to its end belongs to the inner command, a further -exec included.
		index = end < 0 ? words.length : end;
	}
	return verdict;
};

const timeout = (words: readonly ShellWord[], context: Context): Verdict => {
	const inner = wrapper({ name: 'timeout', valued: ['-s', '--signal', '-k', '--kill-after'], flags: ['--foreground', '--preserve-status', '-v', '--verbose'], before: 1, bare: nothing('timeout') }).judge?.(words, context) ?? nothing('timeout');
	// It ends then: that is what timeout is for.
	const { endless: _endless, ...rest } = inner;
	return rest;
};

const watch = (words: readonly ShellWord[], context: Context): Verdict => {
	const plain = plainWords(words, { valued: ['-n', '--interval', '-q', '--equexit'] })[0];
	if (plain === undefined) return nothing('watch');
	const rest = words.slice(plain.index);
	const values = rest.map(({ value }) => value);
	const inner = hasOption(words.slice(0, plain.index), ['-x', '--exec']) ? context.argv(rest, 'watch') : context.script(values.includes(undefined) ? undefined : values.join(' '), 'watch');
	return { ...(values.includes(undefined) ? both(inner, context.argv(rest, 'watch')) : inner), endless: 'watch does not end by itself' };
};

const command = (words: readonly ShellWord[], context: Context): Verdict =>
	/^-[vV]$/.test(words[0]?.value ?? '') ? read('command -v only shows') : (wrapper({ name: 'command', flags: ['-p'], bare: nothing('command') }).judge?.(words, context) ?? nothing('command'));

const flock = (words: readonly ShellWord[], context: Context): Verdict => {
	const lock = plainWords(words, { valued: ['-w', '--timeout', '--wait', '-E'] })[0];
	const next = lock === undefined ? undefined : words[lock.index + 1]?.value;
	if (lock !== undefined && (next === '-c' || next === '--command')) return context.script(words[lock.index + 2]?.value, 'flock');
	return wrapper({ name: 'flock', valued: ['-w', '--timeout', '--wait', '-E'], flags: ['-n', '-x', '-s', '-u', '-o', '--nonblock', '--exclusive', '--shared'], before: 1, bare: change('flock takes a lock') }).judge?.(words, context) ?? nothing('flock');
};

/** Programs that run other programs. */
export const wrapperCommands: Readonly<Record<string, CommandRule>> = {
	sudo: judged(sudo),
	doas: wrapper({ name: 'doas', valued: ['-u', '-C'], flags: ['-n', '-s'], bare: nothing('doas') }),
	env: judged(env),
	nohup: wrapper({ name: 'nohup', bare: nothing('nohup') }),
	nice: wrapper({ name: 'nice', valued: ['-n', '--adjustment'], bare: read('nice only shows') }),
	ionice: wrapper({ name: 'ionice', valued: ['-c', '-n', '--class', '--classdata'], flags: ['-t'], bare: nothing('ionice') }),
	setsid: wrapper({ name: 'setsid', flags: ['-w', '-f', '-c', '--wait', '--fork'], bare: nothing('setsid') }),
	stdbuf: wrapper({ name: 'stdbuf', valued: ['-i', '-o', '-e'], bare: nothing('stdbuf') }),
	time: wrapper({ name: 'time', valued: ['-f', '-o'], flags: ['-p', '-v', '-a'], bare: nothing('time') }),
	exec: wrapper({ name: 'exec', valued: ['-a'], flags: ['-c', '-l'], bare: read('exec without a command only turns the input and output') }),
	builtin: wrapper({ name: 'builtin', bare: nothing('builtin') }),
	chroot: wrapper({ name: 'chroot', valued: ['--userspec', '--groups'], before: 1, bare: unknown('chroot opens a shell') }),
	...each('gosu su-exec', wrapper({ name: 'gosu', before: 1, bare: nothing('gosu') })),
	runuser: judged(su),
	su: judged(su),
	'systemd-run': wrapper({ name: 'systemd-run', valued: ['-u', '--unit', '-p', '--property', '--on-active', '--on-calendar'], flags: ['--scope', '--user', '--wait', '--pipe', '-t', '-q'], bare: nothing('systemd-run') }),
	unbuffer: wrapper({ name: 'unbuffer', bare: nothing('unbuffer') }),
	...each('tini dumb-init', wrapper({ name: 'tini', flags: ['-s', '-g', '-v'], bare: nothing('tini') })),
	command: judged(command),
	timeout: judged(timeout),
	watch: judged(watch),
	xargs,
	parallel: judged((words, context) => both(unknown('what parallel runs is only partly known'), xargs.judge?.(words, context) ?? nothing('parallel'))),
	find: judged(find),
	flock: judged(flock),
	eval: judged(evaluated),
	...each('source .', judged((words) => unknown(`what ${words[0]?.text ?? 'the file'} does is not known`))),
	...Object.fromEntries(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox'].map((name) => [name, judged(shell(name))])),
	busybox: judged((words, context) => (words.length === 0 ? nothing('busybox') : context.argv(words, 'busybox'))),
};
