import { evaluate, ExpressionError } from './expression.ts';
import { toText } from './plain.ts';
import { redactor, secretMark, type Redactor } from './redact.ts';
import type { Reference } from './references.ts';
import type { Scope } from './scope.ts';
import { compilePart, isTemplate, parseTemplate } from './template.ts';

/** A template that cannot be filled in: which expression of it, where it stands, and why. */
export class TemplateError extends Error {
	override readonly name = 'TemplateError';
	/** Such as `run[2]` or `url`; empty where nobody said. */
	readonly where: string;
	/** As written in the template; absent where the template as a whole is meant. */
	readonly expression: string | undefined;
	readonly why: string;
	constructor(where: string, expression: string | undefined, why: string) {
		super(`${where === '' ? '' : `${where}: `}${expression === undefined ? '' : `\${{${expression}}}: `}${why}`);
		this.where = where;
		this.expression = expression;
		this.why = why;
	}
}

/** One stretch of a filled template. */
export interface FilledPart {
	readonly text: string;
	/** Undefined for text that the template itself holds. */
	readonly value?: unknown;
	readonly fromExpression: boolean;
	readonly secret: boolean;
	/** False where it could not be filled in and stands as it was. */
	readonly resolved: boolean;
}

export interface Filled {
	readonly text: string;
	/** With everything that is made of a secret replaced by `(secret)`. */
	readonly shown: string;
	/** False where an expression was left as it stands. */
	readonly complete: boolean;
	readonly parts: readonly FilledPart[];
}

export interface FillOptions {
	/** For messages. */
	readonly where?: string;
	/** `keep` leaves what cannot be filled in yet as it stands. Default `fail`. */
	readonly unresolved?: 'fail' | 'keep';
}

/** Whether a reference may reach a secret: it names one, something within it, or what it is a part of. */
const reaches = (reference: Reference, secretPath: readonly string[]): boolean => {
	const full = reference.root === 'steps' ? reference.path : [reference.root, ...reference.path];
	const length = Math.min(full.length, secretPath.length);
	for (let index = 0; index < length; index++) if (full[index] !== secretPath[index]) return false;
	return true;
};

const redactors = new WeakMap<object, Redactor>();

/** Redacts the secrets of a scope. */
export const redactorOf = (scope: Scope): Redactor => {
	const secrets = scope.secrets ?? {};
	let made = redactors.get(secrets);
	if (made === undefined) redactors.set(secrets, (made = redactor(Object.values(secrets))));
	return made;
};

/** Secrets that an expression may reach, by dotted path. */
const secretsIn = (references: readonly Reference[], scope: Scope): readonly string[] =>
	Object.keys(scope.secrets ?? {}).filter((path) => references.some((reference) => reaches(reference, path.split('.'))));

/** Why a secret cannot be used: it was given to another console, and this one has only its mark. @throws TemplateError */
export const refuseMark = (path: string, value: string | undefined, where: string): void => {
	if (value === undefined || value === secretMark) throw new TemplateError(where, undefined, `the secret ${path} has not been given at this console`);
};

const fillParts = (template: string, scope: Scope, options: FillOptions): readonly FilledPart[] => {
	const where = options.where ?? '';
	const parts = isTemplate(template) ? parseTemplate(template) : [{ kind: 'text', text: template } as const];
	return parts.map((part) => {
		if (part.kind === 'text') return { text: part.text, fromExpression: false, secret: false, resolved: true };
		const compiled = compilePart(part);
		const secrets = secretsIn(compiled.references, scope);
		if (options.unresolved !== 'keep') for (const path of secrets) refuseMark(path, scope.secrets?.[path], where);
		const result = evaluate(compiled, scope);
		const value = result.kind === 'value' ? result.value : undefined;
		if (value === undefined || value === null) {
			if (options.unresolved === 'keep') return { text: template.slice(part.start, part.end), fromExpression: true, secret: false, resolved: false };
			throw new TemplateError(where, part.text, result.kind === 'value' ? 'is null' : result.why);
		}
		return { text: toText(value), value, fromExpression: true, secret: secrets.length > 0, resolved: true };
	});
};

/** Fills in a template. @throws TemplateError where a value is not there, or an expression is none */
export const fill = (template: string, scope: Scope, options: FillOptions = {}): Filled => {
	try {
		const parts = fillParts(template, scope, options);
		const redact = redactorOf(scope);
		return {
			text: parts.map((part) => part.text).join(''),
			shown: redact.text(parts.map((part) => (part.secret ? secretMark : part.text)).join('')),
			complete: parts.every((part) => part.resolved),
			parts,
		};
	} catch (error) {
		if (error instanceof ExpressionError) throw new TemplateError(options.where ?? '', template.slice(error.start, error.end), error.message);
		throw error;
	}
};

/** Texts made of secrets in a filled template, such as the base64 of a password: to be redacted like the secrets themselves. */
export const derivedSecrets = (filled: Filled): readonly string[] => filled.parts.filter((part) => part.secret).map((part) => part.text);

const checkText = (filled: Filled, where: string): void => {
	const culprit = filled.parts.find((part) => part.fromExpression && (part.text.includes('\0') || !part.text.isWellFormed()));
	if (filled.text.includes('\0')) throw new TemplateError(where, undefined, `a value with a NUL byte cannot be handed to a program`);
	if (culprit !== undefined) throw new TemplateError(where, undefined, 'a value that is no well-formed text would not arrive as it is');
};

/** Fills in the value of an environment variable or a header-like text: one value, whatever it holds, but no NUL. @throws TemplateError */
export const fillValue = (template: string, scope: Scope, options: FillOptions = {}): Filled => {
	const filled = fill(template, scope, options);
	checkText(filled, options.where ?? '');
	return filled;
};

/**
 * Fills in one argument of a program. It stays one argument whatever its value: quotes, blanks and newlines are kept. Refused
 * where it would begin with a dash that the template does not have, for a program would read it as an option.
 * @throws TemplateError
 */
export const fillArgument = (template: string, scope: Scope, options: FillOptions = {}): Filled => {
	const filled = fillValue(template, scope, options);
	if (filled.text.startsWith('-') && !template.startsWith('-')) {
		throw new TemplateError(options.where ?? '', undefined, `the value ${JSON.stringify(filled.shown)} begins with a dash and would be read as an option`);
	}
	return filled;
};
