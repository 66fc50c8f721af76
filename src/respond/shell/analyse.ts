import { parse } from 'unbash';
import { baseName, classify } from './classify.ts';
import { placeholdersOf, withoutPlaceholders } from './placeholders.ts';
import { writeTo } from './table/files.ts';
import type { ShellAnalysis, ShellCommand, ShellFinding, ShellWord } from './types.ts';
import type { Context, Input, Verdict } from './verdict.ts';
import { destructive, read, unknown, worse } from './verdict.ts';
import { type CommandPlace, walkScript } from './walk.ts';
import { argvWord } from './words.ts';

/** How a script will be run. */
export interface ShellOptions {
	/** A failure anywhere in a pipeline counts. Default false. */
	readonly pipefail?: boolean;
}

/** Commands within commands deeper than this are not followed: nobody writes them. */
const maxDepth = 12;

/** Longer scripts are not looked at; characters. */
const maxLength = 200_000;

/** Variables that are there without being set. */
const given = /^(?:HOME|PATH|PWD|OLDPWD|USER|LOGNAME|SHELL|TERM|LANG|LC_\w+|TZ|HOSTNAME|UID|EUID|PPID|IFS|TMPDIR|EDITOR|RANDOM|SECONDS|LINENO|BASH\w*|FUNCNAME|PIPESTATUS|REPLY|OPTARG|OPTIND|EPOCHSECONDS|P_\w+)$/;

const wayOutOfInteractive = 'Nobody can answer: a step has no terminal. Give it what it asks for as an option, or use a step of kind manual or input.';
const wayOutOfEndless = 'Bound it (--tail, --no-stream, -n, timeout 30 …), or use a step of kind watch or waitFor.';

/** Everything gathered from one script. */
interface Gathered {
	readonly commands: ShellCommand[];
	readonly findings: ShellFinding[];
	readonly variables: Set<string>;
	readonly assigned: Set<string>;
	readonly functions: Set<string>;
	worst: Pick<Verdict, 'risk' | 'why' | 'certain'>;
}

const gathered = (): Gathered => ({ commands: [], findings: [], variables: new Set(), assigned: new Set(), functions: new Set(), worst: { ...read('nothing is run'), certain: false } });

/** A context in which the commands of other commands are judged. */
const contextFor = (input: Input, functions: ReadonlySet<string>, place: CommandPlace, into: Gathered, within: readonly string[], depth: number): Context => ({
	input,
	functions,
	argv: (words, wrapper) => judgeCommand(words, input, new Set(), place, into, [...within, wrapper], depth + 1),
	script(text, wrapper) {
		if (text === undefined) return unknown(`what ${wrapper} runs only the run tells`);
		if (depth >= maxDepth) return destructive(`${wrapper} holds too much within to be followed`);
		const inner = gathered();
		judgeScript(text, false, inner, [...within, wrapper], depth + 1);
		// Offsets of the inner script mean nothing out here.
		for (const each of inner.findings) if (!place.drained || each.kind !== 'endless') into.findings.push({ ...each, start: place.start, end: place.end });
		for (const each of inner.commands) into.commands.push({ ...each, start: place.start, end: place.end });
		return inner.worst;
	},
});

const judgeCommand = (words: readonly ShellWord[], input: Input, functions: ReadonlySet<string>, place: CommandPlace, into: Gathered, within: readonly string[], depth: number): Verdict => {
	if (depth >= maxDepth) return destructive('commands within commands too deep to be followed');
	const before = into.commands.length;
	const verdict = classify(words, contextFor(input, functions, place, into, within, depth));
	const { start, end, text } = place;
	const name = words[0]?.value;
	into.commands.splice(before, 0, { name: name === undefined ? '' : baseName(name), argv: words, text, start, end, risk: verdict.risk, why: verdict.why, certain: verdict.certain, within });
	// What is odd about an inner command is told where it stands; here it would be told twice.
	return verdict;
};

const findingsOf = (verdict: Verdict, { start, end, drained }: CommandPlace): readonly ShellFinding[] => {
	const found: ShellFinding[] = [];
	const add = (kind: ShellFinding['kind'], message: string | undefined, wayOut: string): void => {
		if (message !== undefined) found.push({ kind, message, wayOut, start, end });
	};
	add('interactive', verdict.interactive, wayOutOfInteractive);
	if (!drained) add('endless', verdict.endless, wayOutOfEndless);
	add('may-ask', verdict.mayAsk, 'Use the option that answers it.');
	if (verdict.noFail === true) add('curl-no-fail', 'curl without -f takes an answer of 500 for a success', 'Add -f (or --fail-with-body), or use a step of kind http.');
	return found;
};

const judgeScript = (script: string, pipefail: boolean, into: Gathered, within: readonly string[], depth: number): void => {
	const placeholders = placeholdersOf(script);
	const source = withoutPlaceholders(script, placeholders);
	into.findings.push(...placeholders);
	const parsed = parse(source);
	// Functions are known before they are called, wherever they stand.
	walkScript(parsed, source, pipefail, { ...silent, function: (name) => into.functions.add(name) });
	walkScript(parsed, source, pipefail, {
		command(words, input, node) {
			const place = { ...node, text: script.slice(node.start, node.end) };
			const verdict = judgeCommand(words, input, into.functions, place, into, within, depth);
			into.findings.push(...findingsOf(verdict, place));
			into.worst = worse(into.worst, verdict);
		},
		writes(target, start, end) {
			const verdict = writeTo(target, 'a redirection');
			into.worst = worse(into.worst, verdict);
			if (verdict.risk !== 'read') into.commands.push({ name: '>', argv: [target], text: script.slice(start, end), start, end, risk: verdict.risk, why: verdict.why, certain: true, within });
		},
		finding: (finding) => into.findings.push(finding),
		variable(name) {
			if (!into.assigned.has(name)) into.variables.add(name);
		},
		assigned: (name) => into.assigned.add(name),
		function: () => undefined,
	});
	if (into.findings.some(({ kind }) => kind === 'syntax')) into.worst = worse(into.worst, destructive('the script cannot be read'));
};

const silent = { command: () => undefined, writes: () => undefined, finding: () => undefined, variable: () => undefined, assigned: () => undefined, function: () => undefined };

/** The parser's offsets of what it could only half read may cross each other. */
const inOrder = <T extends { readonly start: number; readonly end: number }>(each: T): T => (each.end >= each.start ? each : { ...each, end: each.start });

const resultOf = (all: Gathered): ShellAnalysis => {
	const seen = new Set<string>();
	const findings = all.findings
		.filter(({ kind, message, start }) => {
			const key = `${kind} ${start} ${message}`;
			const fresh = !seen.has(key);
			seen.add(key);
			return fresh;
		})
		.sort((a, b) => a.start - b.start);
	const has = (kind: ShellFinding['kind']): boolean => findings.some((each) => each.kind === kind);
	return {
		commands: all.commands.map(inOrder),
		risk: all.worst.risk,
		why: all.worst.why,
		certain: all.worst.certain || all.commands.length === 0,
		interactive: has('interactive'),
		endless: has('endless'),
		findings: findings.map(inOrder),
		variables: [...all.variables].filter((name) => !given.test(name)),
		readable: !has('syntax'),
	};
};

const unreadable = (why: string, length: number): ShellAnalysis => ({
	commands: [],
	risk: 'destructive',
	why,
	certain: false,
	interactive: false,
	endless: false,
	findings: [{ kind: 'syntax', message: why, wayOut: 'Make shorter scripts of it, one step each.', start: 0, end: length }],
	variables: [],
	readable: false,
});

/** Runs the analysis so that nothing it is given can make it throw. */
const safely = (length: number, work: (all: Gathered) => void): ShellAnalysis => {
	if (length > maxLength) return unreadable(`too long to be looked at: ${length} characters, at most ${maxLength}`, length);
	try {
		const all = gathered();
		work(all);
		return resultOf(all);
	} catch (error) {
		return unreadable(`it cannot be read as a shell script: ${error instanceof Error ? error.message : String(error)}`, length);
	}
};

/**
 * What a shell script would do, found out without running it. Never throws: what cannot be read is `destructive`, with
 * a finding. Programs that are not known are taken for `change`, never for `read`.
 */
export const analyseShell = (script: string, options: ShellOptions = {}): ShellAnalysis => safely(script.length, (all) => judgeScript(script, options.pipefail ?? false, all, [], 0));

/** The same of one program with its arguments, as `run` holds them. Elements with `${{ }}` are filled in only by the run. Offsets are 0. */
export const analyseArgv = (argv: readonly string[]): ShellAnalysis =>
	safely(argv.reduce((sum, each) => sum + each.length, 0), (all) => {
		const text = argv.join(' ');
		const place = { start: 0, end: 0, text, drained: false };
		all.findings.push(...argv.flatMap((each) => placeholdersOf(each)).map((each) => ({ ...each, start: 0, end: 0 })));
		const verdict = judgeCommand(argv.map(argvWord), { kind: 'none' }, new Set(), place, all, [], 0);
		all.findings.push(...findingsOf(verdict, place));
		all.worst = worse(all.worst, verdict);
		if (all.findings.some(({ kind }) => kind === 'syntax')) all.worst = worse(all.worst, destructive('the script cannot be read'));
	});
