import type { Risk } from '../../domain/playbook/risk.ts';
import { analyseArgv, analyseShell } from '../shell/analyse.ts';
import type { ShellAnalysis, ShellCommand } from '../shell/types.ts';
import { boundedForm } from './bounded.ts';
import type { CommandBody, ManualBody } from './draft.ts';
import { literal } from './draft.ts';
import { fillPlaceholders } from './placeholders.ts';
import type { Filled } from './placeholders.ts';
import { cut } from './titles.ts';
import type { WantedParams } from './wantedParams.ts';

/** The format takes scripts of 20,000 characters. */
const longestScript = 19_000;

/** Seconds: what only reads is to be quick, what changes something may pull an image or run a migration. */
const timeoutSeconds: Readonly<Record<Risk, number>> = { read: 60, change: 600, destructive: 600 };

/** What a command became, and what there is to say of it. */
export interface CommandDraft {
	readonly body: CommandBody | ManualBody;
	readonly risk: Risk;
	readonly why: string;
	readonly target?: string;
	readonly loses?: string;
	readonly notes: readonly string[];
}

const reasonOf = (analysis: ShellAnalysis): string => cut(`${analysis.why}${analysis.certain ? '' : ' (a guess)'}`, 500);

/** What the worst command acts on: its last argument that is no option. @param params that stand in it as `$P_name` */
const targetOf = (analysis: ShellAnalysis, params: readonly string[]): string => {
	const worst: ShellCommand | undefined = analysis.commands.find((each) => each.risk === 'destructive') ?? analysis.commands[0];
	const words = worst?.argv.slice(1).map(({ text }) => text) ?? [];
	const plain = words.filter((word) => !word.startsWith('-') && /[\w$]/.test(word));
	const last = plain.at(-1);
	// A word such as `downgrade` alone is what is done, not what it is done to.
	const only = worst !== undefined && worst.why.startsWith(`${worst.name} ${last ?? ''} `) ? `${worst.name} ${last ?? ''}` : last;
	const word = (only ?? worst?.name ?? '')
		.replaceAll(/["']/g, '')
		.replaceAll(/\$\{\{(?:params\.(\w+)\}\})?/g, (written, name: string | undefined) => (name !== undefined && params.includes(name) ? written : literal(written)))
		.replaceAll(/\$\{?P_(\w+)\}?/g, (written, name: string) => (params.includes(name) ? `\${{params.${name}}}` : written))
		.replaceAll(/\s+/g, ' ');
	if (word === '') return 'the host';
	return word.length > 200 ? (worst?.name ?? 'the host') : word;
};

const lossOf = (analysis: ShellAnalysis, params: readonly string[]): Pick<CommandDraft, 'target' | 'loses'> =>
	analysis.risk === 'destructive' ? { target: targetOf(analysis, params), loses: literal(cut(analysis.why, 900)) } : {};

/** A block of code within Markdown, whatever marks it holds. */
export const fenced = (text: string, language = ''): string => {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
	const marks = '`'.repeat(longest + 1);
	return `${marks}${language}\n${text}\n${marks}`;
};

/** A command that a person has to run. */
const byHand = (script: string, analysis: ShellAnalysis, why: string): CommandDraft => ({
	body: { kind: 'manual', instructions: `Run by hand, in a terminal:\n\n${literal(fenced(script, 'bash'))}`, checklist: [] },
	risk: analysis.risk,
	why: reasonOf(analysis),
	...lossOf(analysis, []),
	notes: [`No command, because ${why}.`],
});

/** A secret parameter that would stand among the arguments of a program, for every user of the machine to read. */
const leaked = (filled: Exclude<Filled, { kind: 'refused' }>, params: WantedParams): string | undefined => filled.params.find((name) => params.isSecret(name));

const oddities = (analysis: ShellAnalysis): readonly string[] => {
	const last = analysis.commands.filter(({ within }) => within.length === 0).at(-1);
	return last !== undefined && /^[ef]?grep$/.test(last.name) ? ['grep ends with 1 where it finds nothing, and the step has failed then.'] : [];
};

/**
 * What becomes of one command, or of several that need the same shell: a step that runs, with its placeholders as
 * parameters, or a step by hand where it could not run unattended.
 */
export const commandDraft = (script: string, context: { readonly params: WantedParams; readonly workingDir: string | undefined }): CommandDraft => {
	const { params, workingDir } = context;
	const written = analyseShell(script, { pipefail: true });
	if (script.length > longestScript) return byHand(script, written, 'it is too long for one step');
	if (!written.readable) return byHand(script, written, `it cannot be read: ${cut(written.findings.find(({ kind }) => kind === 'syntax')?.message ?? written.why, 300)}`);
	const open = written.findings.find(({ kind }) => kind === 'interactive') ?? written.findings.find(({ kind }) => kind === 'endless');
	const bounded = open === undefined ? script : boundedForm(script);
	if (bounded === undefined) return byHand(script, written, cut(open?.message ?? 'it needs a person', 300));
	if (written.findings.some(({ kind }) => kind === 'heredoc')) return byHand(script, written, 'its here-document has no end');
	if (/\$\{?P_\w/.test(script)) return byHand(script, written, 'it reads a variable whose name begins with P_, as those of parameters do');
	const filled = fillPlaceholders(bounded, (each) => params.nameFor(each));
	if (filled.kind === 'refused') return byHand(script, written, filled.why);
	const secret = leaked(filled, params);
	if (secret !== undefined) return byHand(script, written, `${secret} is a secret, and would stand where every user of the machine can read it`);
	const analysis = filled.kind === 'run' ? analyseArgv(filled.run) : analyseShell(filled.sh, { pipefail: true });
	if (!analysis.readable || analysis.interactive || analysis.endless) return byHand(script, written, 'it could not run unattended');
	const env = Object.fromEntries(analysis.variables.map((name) => [name, `\${{params.${params.nameFor(`$${name}`)}}}`]));
	const notes = [...(bounded === script ? [] : [`Written as ${cut(script.replaceAll(/\s+/g, ' '), 300)}, which ${open?.kind === 'interactive' ? 'waits for a person' : 'does not end by itself'}.`]), ...oddities(analysis)];
	return {
		body: {
			kind: 'command',
			...(filled.kind === 'run' ? { run: filled.run } : { sh: filled.sh }),
			env,
			...(workingDir === undefined ? {} : { workingDir: literal(workingDir) }),
			timeoutSeconds: timeoutSeconds[analysis.risk],
		},
		risk: analysis.risk,
		why: reasonOf(analysis),
		...lossOf(analysis, filled.params),
		notes,
	};
};
