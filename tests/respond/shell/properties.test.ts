import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { risks } from '../../../src/domain/playbook/risk.ts';
import type { Risk } from '../../../src/domain/playbook/risk.ts';
import { analyseArgv, analyseShell } from '../../../src/respond/shell/analyse.ts';
import { riskOfSql } from '../../../src/respond/shell/sql.ts';

const rank = (risk: Risk): number => risks.indexOf(risk);
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const pieces = fc.constantFrom(
	'ls', 'rm', '-rf', 'docker', 'exec', 'run', 'logs', '-f', '--', '-it', 'sh', '-c', '$(', ')', '`', '"', "'", '\\', '|', '||', '&&', ';', '&', '\n', '{', '}', '(', '((', '[[', ']]', '<', '>', '<<', 'EOF', '<<<', '${', '$x', '$((', '#', '!', '*', '~', '=', 'x=1',
	'if', 'then', 'fi', 'for', 'in', 'do', 'done', 'while', 'case', 'esac', 'function', 'select', 'sudo', 'env', 'xargs', 'find', '-exec', 'curl', 'psql', 'sqlite3', 'a.db', 'SELECT 1', 'DROP TABLE t', 'kubectl', 'git', 'push', '\0', '\u00e9', '\ud800', ' ', '\t', '\r\n',
);
const noise = fc.array(fc.oneof({ weight: 5, arbitrary: pieces }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) }), { maxLength: 25 }).chain((parts) => fc.constantFrom('', ' ').map((glue) => parts.join(glue)));

/** Whole command lines, as people write them. */
const argvs = fc.constantFrom<readonly string[]>(
	['ls', '-la'],
	['rm', '-rf', '/srv/x'],
	['docker', 'ps'],
	['docker', 'rm', 'web'],
	['docker', 'restart', 'web'],
	['docker', 'exec', 'web', 'rm', 'f'],
	['docker', 'exec', 'web', 'sh', '-c', 'rm f'],
	['docker', 'compose', 'down', '-v'],
	['kubectl', 'delete', 'pod', 'x'],
	['git', 'reset', '--hard'],
	['curl', '-f', '-X', 'DELETE', 'http://x'],
	['sqlite3', 'a.db', 'DROP TABLE t'],
	['psql', '-c', 'select 1'],
	['frobnicate', '--now'],
	['./deploy.sh'],
	['find', '.', '-delete'],
	['sh', '-c', 'echo a | xargs rm'],
	['systemctl', 'reboot'],
	['dd', 'of=/dev/sda'],
	['redis-cli', 'flushall'],
	['redis-cli', 'get', 'x'],
	['cp', 'a', 'b'],
	['timeout', '5', 'rm', 'x'],
	['env', 'A=1', 'rm', 'x'],
	['xargs', 'rm'],
	['watch', 'docker', 'rm', 'x'],
	['-weird', 'ls'],
);

type Wrap = (argv: readonly string[]) => readonly string[];
const wraps = fc.constantFrom<Wrap>(
	(argv) => ['sudo', ...argv],
	(argv) => ['sudo', '-n', '-u', 'app', '--', ...argv],
	(argv) => ['env', ...argv],
	(argv) => ['env', 'A=1', 'B=2', ...argv],
	(argv) => ['nohup', ...argv],
	(argv) => ['nice', '-n', '5', ...argv],
	(argv) => ['timeout', '30', ...argv],
	(argv) => ['xargs', '-n', '1', ...argv],
	(argv) => ['setsid', '-w', ...argv],
	(argv) => ['docker', 'exec', 'web', ...argv],
	(argv) => ['docker', 'exec', '-u', 'root', '-e', 'A=1', 'web', ...argv],
	(argv) => ['docker', 'run', '--rm', 'image', ...argv],
	(argv) => ['kubectl', 'exec', 'web', '--', ...argv],
	(argv) => ['sh', '-c', argv.map(quote).join(' ')],
	(argv) => ['bash', '-euo', 'pipefail', '-c', argv.map(quote).join(' ')],
	(argv) => ['find', '.', '-exec', ...argv, ';'],
	(argv) => ['ssh', 'host', argv.map(quote).join(' ')],
	(argv) => ['su', '-c', argv.map(quote).join(' '), 'app'],
	(argv) => ['flock', '/tmp/lock', ...argv],
);

describe('analyseShell', () => {
	it('never throws, and its places are within the script', () => {
		fc.assert(
			fc.property(noise, (script) => {
				const { commands, findings, risk } = analyseShell(script);
				expect(risks).toContain(risk);
				for (const { start, end } of [...commands, ...findings]) {
					expect(start).toBeGreaterThanOrEqual(0);
					expect(end).toBeGreaterThanOrEqual(start);
					expect(end).toBeLessThanOrEqual(script.length + 1);
				}
				for (const each of commands) expect(rank(risk)).toBeGreaterThanOrEqual(rank(each.risk));
			}),
			{ numRuns: 1500 },
		);
	});

	it('takes what it cannot read for destructive', () => {
		fc.assert(
			fc.property(noise, (script) => {
				const { readable, risk } = analyseShell(script);
				expect(readable || risk === 'destructive').toBe(true);
			}),
			{ numRuns: 500 },
		);
	});

	it('never takes a program that it does not know for a reader', () => {
		fc.assert(
			fc.property(fc.stringMatching(/^zz[a-z]{3,12}$/), fc.array(fc.stringMatching(/^[\w./-]{1,10}$/), { maxLength: 4 }), (name, rest) => {
				expect(analyseShell([name, ...rest].join(' ')).risk).not.toBe('read');
			}),
		);
	});

	it('says the same of a script within groups, conditions and substitutions, or worse', () => {
		fc.assert(
			fc.property(argvs, fc.constantFrom((s: string) => `{ ${s}; }`, (s: string) => `(${s})`, (s: string) => `if true; then ${s}; fi`, (s: string) => `echo "$(${s})"`, (s: string) => `true && ${s}`, (s: string) => `f() { ${s}; }; f`, (s: string) => `while ${s}; do break; done`), (argv, within) => {
				const script = argv.map(quote).join(' ');
				expect(rank(analyseShell(within(script)).risk)).toBeGreaterThanOrEqual(rank(analyseShell(script).risk));
			}),
		);
	});
});

describe('a program that runs another', () => {
	it('is never less risky than that', () => {
		fc.assert(
			fc.property(argvs, fc.array(wraps, { minLength: 1, maxLength: 4 }), (argv, around) => {
				const wrapped = around.reduce<readonly string[]>((inner, wrap) => wrap(inner), argv);
				expect(rank(analyseArgv(wrapped).risk), wrapped.join(' ')).toBeGreaterThanOrEqual(rank(analyseArgv(argv).risk));
				expect(rank(analyseShell(wrapped.map(quote).join(' ')).risk)).toBeGreaterThanOrEqual(rank(analyseArgv(argv).risk));
			}),
			{ numRuns: 600 },
		);
	});
});

describe('riskOfSql', () => {
	it('never throws, and a further statement never makes it less risky', () => {
		const statements = fc.constantFrom('SELECT 1', 'DELETE FROM t', "UPDATE t SET a = 'x;y' WHERE id = 1", 'DROP TABLE t', 'VACUUM', '-- note\nSELECT 2', '/* DROP */ SELECT 3', "SELECT 'DROP TABLE t'", 'PRAGMA integrity_check', 'PRAGMA journal_mode=DELETE', 'frobnicate');
		fc.assert(
			fc.property(fc.array(statements, { maxLength: 5 }), statements, fc.string({ unit: 'binary', maxLength: 30 }), (some, more, junk) => {
				const before = riskOfSql(some.join(';\n'), 'sqlite3', 'sqlite');
				expect(rank(riskOfSql([...some, more].join(';\n'), 'sqlite3', 'sqlite').risk)).toBeGreaterThanOrEqual(rank(before.risk));
				expect(risks).toContain(riskOfSql(junk, 'psql', 'postgres').risk);
			}),
		);
	});
});
