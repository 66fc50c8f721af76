import { hasOption, plainWords } from './options.ts';
import type { CommandRule, When } from './rule.ts';
import { commandTable } from './table/index.ts';
import type { ShellWord } from './types.ts';
import type { Context, Verdict } from './verdict.ts';
import { both, read, unknown } from './verdict.ts';

const holds = (when: When | undefined, words: readonly ShellWord[]): boolean => {
	if (when === undefined) return false;
	if (when === 'always') return true;
	return 'with' in when ? hasOption(words, when.with) : !hasOption(words, when.without);
};

/** The rule of the subcommand that the words name, with the words after it. */
const subRule = (rule: CommandRule, words: readonly ShellWord[], shown: string): { rule: CommandRule; words: readonly ShellWord[]; shown: string } => {
	if (rule.sub === undefined && rule.bare === undefined) return { rule, words, shown };
	const first = plainWords(words, rule)[0];
	if (first === undefined) return { rule: rule.bare ?? rule, words, shown };
	if (rule.sub === undefined) return { rule, words, shown };
	const name = first.word.value;
	const found = name !== undefined && Object.hasOwn(rule.sub, name) ? rule.sub[name] : undefined;
	if (found === undefined) return { rule: { risk: rule.risk, why: rule.why, certain: false }, words, shown };
	return { rule: found, words: words.slice(first.index + 1), shown: `${shown} ${name ?? ''}` };
};

const judge = (rule: CommandRule, words: readonly ShellWord[], shown: string, context: Context): Verdict => {
	if (rule.judge !== undefined) return rule.judge(words, context);
	if (rule.sub !== undefined || rule.bare !== undefined) {
		const next = subRule(rule, words, shown);
		if (next.rule !== rule) {
			const found = judge(next.rule, next.words, next.shown, context);
			// An option may stand before the subcommand as well.
			return next.rule.judge === undefined ? both(found, own({ ...rule, risk: 'read', why: '', certain: true }, words, shown)) : found;
		}
	}
	return own(rule, words, shown);
};

const own = (rule: CommandRule, words: readonly ShellWord[], shown: string): Verdict => {
	let verdict: Verdict = { risk: rule.risk, why: `${shown} ${rule.why}`, certain: rule.certain ?? true };
	if (rule.harmlessWith !== undefined && hasOption(words, rule.harmlessWith)) verdict = read(`${shown} only shows`);
	for (const [names, risk, why] of rule.options ?? []) {
		if (hasOption(words, names)) verdict = both({ risk, why: `${shown} ${why}`, certain: true }, verdict);
	}
	if (holds(rule.interactive, words)) verdict = { ...verdict, interactive: `${shown} waits for a person at a terminal` };
	if (holds(rule.endless, words)) verdict = { ...verdict, endless: `${shown} does not end by itself` };
	if (rule.asksWithout !== undefined && !hasOption(words, rule.asksWithout)) verdict = { ...verdict, mayAsk: `${shown} may ask for a yes; ${rule.asksWithout[0] ?? ''} answers it` };
	return verdict;
};

const questions = new Set(['--help', '--version', '-V', 'version', 'help']);

/** The program's name without its folder. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What one command can do. @param words program and arguments */
export const classify = (words: readonly ShellWord[], context: Context): Verdict => {
	const [program, ...rest] = words;
	if (program === undefined) return read('nothing is run');
	if (program.value === undefined) return unknown(`which program ${program.text} is only the run tells`);
	if (context.functions.has(program.value)) return read(`${program.value} is a function of the script`);
	const name = baseName(program.value);
	const rule = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
	if (rule === undefined) return ofPrefix(name) ?? unknown(`${name === '' ? 'an empty name' : name} is not known, so it may change something`);
	const only = rest.length === 1 ? rest[0]?.value : undefined;
	if (only !== undefined && questions.has(only) && rule.judge === undefined) return read(`${name} ${only} only shows`);
	return judge(rule, rest, name, context);
};

/** Programs that come under many names. */
const ofPrefix = (name: string): Verdict | undefined =>
	name.startsWith('mkfs.') ? { risk: 'destructive', why: `${name} overwrites a whole file system`, certain: true } : undefined;
