import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandAction } from '../../../src/domain/playbook/step.ts';
import type { ResolvedAction } from '../../../src/domain/run/action.ts';
import { specOf } from '../../../src/respond/action/command.ts';
import { TemplateError } from '../../../src/respond/action/fill.ts';
import { ParamError, readParams } from '../../../src/respond/action/params.ts';
import { quote } from '../../../src/respond/action/quote.ts';
import { resolveAction } from '../../../src/respond/action/resolve.ts';
import { findShell, scriptArgv, type Shell } from '../../../src/respond/action/shell.ts';
import { fakePorts } from './fakes.ts';

/** Prints each argument with a NUL behind it, so that nothing in an argument is taken for its end. */
const printer = ['/usr/bin/printf', String.raw`%s\0`] as const;

const busybox = '/usr/bin/busybox';

const nasty = [
	"it's", '"', '$(touch /tmp/x)', '`id`', '; id', '&& id', '| id', '> /dev/null', '\n', 'a\nb', '\t', '\\', '\\n', '$HOME', '${HOME}', '$P_other', '*', '?', '[a]', '~', '{a,b}', '!', '#', '%s', '-n', '--', '-', '-rf /',
	'\0', 'a\0b', '\u001b[2J', '\r', 'é', '\u{1F600}', '\u2028', '${{ params.other }}', '}}', "'; id; '", "$'\\x41'", ' ', '  a  ', '=', 'a=b', '\ud800',
];

const values = fc.oneof(
	fc.constantFrom(...nasty),
	fc.array(fc.oneof(fc.constantFrom(...nasty), fc.string()), { maxLength: 4 }).map((parts) => parts.join('')),
	fc.string({ unit: fc.constantFrom(...`'"$\`\\ \n\t;&|<>(){}*?[]~!#-ab\0`.split('')) }),
);

const command = (over: Partial<CommandAction>): CommandAction => ({ kind: 'command', env: {}, ...over });

/** What reached the program, its arguments or lines NUL-separated; `undefined` where the value was refused. */
const reached = (action: CommandAction, value: string, shell: Shell): readonly string[] | undefined => {
	const resolved = resolvedOrRefused(action, value);
	if (resolved === undefined) return undefined;
	const { argv, env } = specOf(resolved.action as CommandAction, resolved, { folder: '/f', timeoutMs: 1000, secrets: [], hideOutput: false }, fakePorts({ shell }));
	// busybox takes the name of its shell as its first argument.
	const [program, ...args] = shell.program === busybox ? [busybox, 'sh', ...argv.slice(1)] : argv;
	const run = spawnSync(program, args, { env, timeout: 10_000 });
	if (run.status !== 0 || run.stderr.length > 0) throw new Error(`exit ${run.status}: ${run.stderr.toString()}`);
	return run.stdout.toString('utf8').split('\0').slice(0, -1);
};

const resolvedOrRefused = (action: CommandAction, value: string): ResolvedAction | undefined => {
	try {
		return resolveAction(action, { params: { value, other: 'OTHER' }, values: {} });
	} catch (error) {
		if (error instanceof TemplateError) return undefined;
		throw error;
	}
};

const bash = findShell(process.env['PATH']);
const sh: Shell = { program: '/bin/sh', kind: 'sh' };
const mustRefuse = (value: string): boolean => value.includes('\0') || !value.isWellFormed();

describe('a value in an argument', () => {
	it('reaches the program as one argument, or is refused', () => {
		fc.assert(
			fc.property(values, (value) => {
				const got = reached(command({ run: [...printer, 'before', '${{params.value}}', 'x${{params.value}}y', 'after'] }), value, sh);
				expect(got).toEqual(mustRefuse(value) || value.startsWith('-') ? undefined : ['before', value, `x${value}y`, 'after']);
			}),
			{ numRuns: 150 },
		);
	});

	it.each(nasty)('%j', (value) => {
		const got = reached(command({ run: [...printer, '${{params.value}}'] }), value, sh);
		expect(got).toEqual(mustRefuse(value) || value.startsWith('-') ? undefined : [value]);
	});
});

describe.each([
	['/bin/sh', sh],
	[bash.program, bash],
	...(existsSync(busybox) ? ([['busybox', { program: busybox, kind: 'sh' }]] as const) : []),
] as const)('a value in a script of %s', (_, shell) => {
	it('arrives as it is, or is refused', () => {
		fc.assert(
			fc.property(values, (value) => {
				const got = reached(command({ sh: `${printer[0]} '${printer[1]}' "$P_value" "x\${P_value}y" after` }), value, shell);
				expect(got).toEqual(mustRefuse(value) ? undefined : [value, `x${value}y`, 'after']);
			}),
			{ numRuns: 80 },
		);
	});
});

describe('a value in an environment variable', () => {
	it('arrives as it is, or is refused', () => {
		fc.assert(
			fc.property(values, (value) => {
				const got = reached(command({ sh: `${printer[0]} '${printer[1]}' "$GIVEN"`, env: { GIVEN: '${{params.value}}' } }), value, sh);
				expect(got).toEqual(mustRefuse(value) ? undefined : [value]);
			}),
			{ numRuns: 50 },
		);
	});
});

const readOrRefused = (value: string): unknown => {
	try {
		return readParams({ value: { type: 'text', optional: false } }, { value }).params['value'];
	} catch (error) {
		if (error instanceof ParamError) return undefined;
		throw error;
	}
};

describe('a parameter', () => {
	it('that holds a NUL or begins with a dash never becomes a value', () => {
		fc.assert(
			fc.property(values, (value) => {
				expect(readOrRefused(value)).toBe(mustRefuse(value) || value.startsWith('-') || value === '' ? undefined : value);
			}),
		);
	});
});

describe('what is shown', () => {
	it('is read back by a shell as the same arguments', () => {
		fc.assert(
			fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (words) => {
				fc.pre(words.every((word) => !mustRefuse(word)));
				const run = spawnSync(bash.program, ['-c', `${printer[0]} '${printer[1]}' ${words.map(quote).join(' ')}`], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }, timeout: 10_000 });
				expect(run.stdout.toString('utf8').split('\0').slice(0, -1)).toEqual(words);
			}),
			{ numRuns: 150 },
		);
	});

	it('stays on one line and holds no control characters', () => {
		fc.assert(
			fc.property(values, (value) => {
				expect(quote(value)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
			}),
		);
	});
});

describe('scripts', () => {
	const run = (shell: Shell, script: string) => {
		const [program, ...args] = scriptArgv(shell, script);
		return spawnSync(program, args, { env: { PATH: '/usr/bin:/bin' }, timeout: 10_000 });
	};

	it.each([
		['/bin/sh', sh],
		[bash.program, bash],
	] as const)('of %s end at a failure and at an unset variable', (_, shell) => {
		expect(run(shell, 'false\necho reached').stdout.toString()).toBe('');
		expect(run(shell, 'echo "$NOT_SET"\necho reached').status).not.toBe(0);
		expect(run(shell, '# a comment first\necho reached').stdout.toString()).toBe('reached\n');
	});

	it('of bash fail with a part of a pipeline', () => {
		expect(run(bash, 'false | cat').status).toBe(1);
	});

	it('take bash where the path has one', () => {
		expect(bash.kind).toBe('bash');
		expect(findShell('/nowhere:relative')).toEqual(sh);
		expect(findShell(undefined)).toEqual(sh);
	});
});
