import { templateNames } from '../../action/template.ts';
import { ExpressionError } from '../../action/expression.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import type { LintRule, Path, Subject } from './subject.ts';
import { complain } from './subject.ts';

const argv = complain('secret-in-argv', 'error');
const address = complain('secret-in-address', 'error');

/** Dotted names of everything secret: parameters, and fields of `input` steps. */
const secretsOf = ({ source, steps }: Subject): ReadonlySet<string> =>
	new Set([
		...Object.entries(source.params ?? {}).flatMap(([name, param]) => (param.type === 'secret' ? [`params.${name}`] : [])),
		...steps.flatMap(({ step }) =>
			step.kind === 'input' ? Object.entries(step.fields).flatMap(([name, field]) => (field.type === 'secret' ? [step.id, step.register].flatMap((of) => (of === undefined ? [] : [`${of}.${name}`, `steps.${of}.${name}`])) : [])) : [],
		),
	]);

const namedIn = (template: string, secrets: ReadonlySet<string>): readonly { readonly name: string; readonly start: number }[] => {
	try {
		return templateNames(template).filter(({ name }) => secrets.has(name));
	} catch (error) {
		// What cannot be read is told of by the rule on expressions.
		if (error instanceof ExpressionError) return [];
		throw error;
	}
};

/** Words of the shell itself: their arguments are in no process list. */
const builtins = new Set(['echo', 'printf', '[', 'test', 'export', 'local', 'declare', 'typeset', 'readonly', 'set', ':', 'true', 'false', 'read', 'unset', 'case', 'eval', '>']);

/** A secret where every user of the machine can read it: in the arguments of a program, or in an address. */
export const secretInArgv: LintRule = (subject) => {
	const secrets = secretsOf(subject);
	if (secrets.size === 0) return [];
	const names = [...secrets].flatMap((each) => (each.startsWith('params.') ? [each.slice(7)] : []));
	const variable = names.length === 0 ? undefined : new RegExp(String.raw`\$\{?P_(${names.join('|')})\b`);
	return subject.actions.flatMap(({ action, path, shell, shellPath }): readonly PlaybookComplaint[] => {
		const inTemplate = (text: string, at: Path): readonly PlaybookComplaint[] =>
			namedIn(text, secrets).map(({ name, start }) => argv(at, `the secret ${name} stands among the arguments, which every user of the machine can read`, `Hand it in through env: {NAME: '\${{${name}}}'}, or through a file the program reads.`, { offset: start }));
		const found = (action.run ?? []).flatMap((each, index) => inTemplate(each, [...path, 'run', index]));
		for (const { name, start } of action.http === undefined ? [] : namedIn(action.http.url, secrets)) {
			found.push(address([...path, 'http', 'url'], `the secret ${name} stands in the address, which logs on the way keep`, 'Send it in a header.', { offset: start }));
		}
		if (action.sh === undefined || variable === undefined) return found;
		for (const command of shell?.commands ?? []) {
			if (builtins.has(command.name) && command.within.length === 0) continue;
			const word = command.argv.slice(1).find(({ text }) => variable.test(text));
			const name = word === undefined ? undefined : variable.exec(word.text)?.[1];
			if (name !== undefined) found.push(argv(shellPath, `the secret ${name} stands among the arguments of ${command.name === '' ? 'a program' : command.name}, which every user of the machine can read`, 'Hand it in through env or standard input.', { offset: command.start }));
		}
		return found;
	});
};
