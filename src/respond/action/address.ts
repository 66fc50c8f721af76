import type { Scope } from './scope.ts';
import { derivedSecrets, fillValue, redactorOf, TemplateError, type Filled, type FillOptions } from './fill.ts';
import { secretMark } from './redact.ts';

/** Part of an address in which a value stands. */
type Place = 'start' | 'authority' | 'path' | 'query';

const placeOf = (before: string): Place => {
	if (before === '') return 'start';
	const scheme = before.indexOf('://');
	if (scheme === -1) return 'authority';
	const rest = before.slice(scheme + 3);
	if (/[?#]/.test(rest)) return 'query';
	return rest.includes('/') ? 'path' : 'authority';
};

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%40', '@');

/** A value as it may stand there, or why it may not. */
const inPlace = (place: Place, text: string): { readonly text: string } | { readonly why: string } => {
	switch (place) {
		case 'start':
			return { text };
		case 'authority':
			return /^[A-Za-z0-9._~:[\]-]+$/.test(text) ? { text } : { why: 'is no host or port' };
		case 'path':
			return text.split('/').some((piece) => piece === '.' || piece === '..') ? { why: 'leads out of the path with . or ..' } : { text: encode(text) };
		case 'query':
			return { text: encodeURIComponent(text) };
	}
};

export interface FilledAddress {
	readonly text: string;
	readonly shown: string;
	readonly complete: boolean;
	readonly secrets: readonly string[];
}

const checked = (text: string, shown: string, where: string): string => {
	if (!URL.canParse(text)) throw new TemplateError(where, undefined, `${shown} is no address`);
	const { protocol } = new URL(text);
	if (protocol !== 'http:' && protocol !== 'https:') throw new TemplateError(where, undefined, `${shown} is no http or https address`);
	return text;
};

/**
 * Fills in an address. A value cannot leave the part it stands in: in path and query it is percent-encoded (a path keeps its
 * slashes), as host or port it is checked; a value that makes up the beginning is taken as an address itself.
 * @throws TemplateError
 */
export const fillAddress = (template: string, scope: Scope, options: FillOptions = {}): FilledAddress => {
	const where = options.where ?? 'url';
	const filled: Filled = fillValue(template, scope, { ...options, where });
	let text = '';
	let shown = '';
	for (const part of filled.parts) {
		if (!part.fromExpression || !part.resolved) {
			text += part.text;
			shown += part.text;
			continue;
		}
		const placed = inPlace(placeOf(text), part.text);
		if ('why' in placed) throw new TemplateError(where, undefined, `${part.secret ? secretMark : JSON.stringify(part.text)} ${placed.why}`);
		text += placed.text;
		shown += part.secret ? secretMark : placed.text;
	}
	shown = redactorOf(scope).text(shown);
	const secrets = derivedSecrets(filled);
	if (!filled.complete) return { text, shown, complete: false, secrets };
	return { text: checked(text, shown, where), shown, complete: true, secrets };
};
