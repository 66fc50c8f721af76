import type { ParamValue } from '../../domain/playbook/param.ts';
import { redactorOf, refuseMark, TemplateError } from './fill.ts';
import { quote } from './quote.ts';
import { secretMark } from './redact.ts';
import type { Scope } from './scope.ts';

/** Name of a parameter in a script: `P_` and its name, with `_` for what cannot stand in a variable's name. */
export const scriptName = (param: string): string => `P_${param.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;

const names = (script: string, variable: string): boolean => new RegExp(String.raw`(?<![A-Za-z0-9_])${variable}(?![A-Za-z0-9_])`).test(script);

const asText = (variable: string, value: ParamValue): string => {
	const text = String(value);
	if (text.includes('\0')) throw new TemplateError(variable, undefined, 'a value with a NUL byte cannot be handed to a program');
	if (!text.isWellFormed()) throw new TemplateError(variable, undefined, 'a value that is no well-formed text would not arrive as it is');
	return text;
};

/**
 * Parameters as a script gets them: every parameter as `P_name`, a secret one only where the script names it, so that no program
 * gets a secret it has no use for. Values keep quotes, blanks, newlines and `$()`: a shell does not read them again.
 * @throws TemplateError where a value holds a NUL, or the script holds a template
 */
export const scriptVariables = (script: string, scope: Scope, unresolved: 'fail' | 'keep'): { readonly env: Readonly<Record<string, string>>; readonly shown: readonly string[] } => {
	if (script.includes('${{')) throw new TemplateError('sh', undefined, 'values reach a script as $P_name only: ${{ }} in it would be read by the shell');
	const env: Record<string, string> = {};
	const shown: string[] = [];
	const redact = redactorOf(scope);
	for (const [name, value] of Object.entries(scope.params)) {
		const variable = scriptName(name);
		const text = asText(variable, value);
		env[variable] = text;
		if (names(script, variable)) shown.push(`${variable}=${quote(redact.text(text))}`);
	}
	for (const [path, value] of Object.entries(scope.secrets ?? {})) {
		const [root, name] = path.split('.');
		if (root !== 'params' || name === undefined) continue;
		const variable = scriptName(name);
		delete env[variable];
		if (!names(script, variable)) continue;
		if (unresolved === 'fail') refuseMark(path, value, 'sh');
		env[variable] = asText(variable, value);
		shown.push(`${variable}=${secretMark}`);
	}
	if (unresolved === 'fail') {
		for (const [, missing] of script.matchAll(/\$\{?(P_[A-Za-z0-9_]+)/g)) {
			if (missing !== undefined && env[missing] === undefined) throw new TemplateError('sh', undefined, `$${missing} has no value: there is no such parameter, or its secret has not been given`);
		}
	}
	return { env, shown };
};
