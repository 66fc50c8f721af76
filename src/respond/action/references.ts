import type { ASTNode } from '@marcbachmann/cel-js';

/** One place where an expression names something: `params.token` is root `params`, path `['token']`. */
export interface Reference {
	readonly root: string;
	/** Fields that are known without evaluating: `.name` and `["name"]`. */
	readonly path: readonly string[];
	/** Offsets of the root in the text, from 0. */
	readonly start: number;
	/** End of the last known field. */
	readonly end: number;
}

export const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'start' in value;

/** Methods whose first argument names a variable of their own. */
const binding = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** The chain of fields of `a.b["c"]`, where its end is a plain name. */
const chainOf = (node: ASTNode): Reference | undefined => {
	if (node.op === 'id') return { root: node.args, path: [], start: node.start, end: node.end };
	if (node.op !== '.' && node.op !== '[]') return undefined;
	const inner = chainOf(node.args[0]);
	if (inner === undefined) return undefined;
	const field: unknown = node.args[1];
	if (typeof field === 'string') return { ...inner, path: [...inner.path, field], end: node.end };
	if (isNode(field) && field.op === 'value' && typeof field.args === 'string') return { ...inner, path: [...inner.path, field.args], end: node.end };
	return undefined;
};

/** Everything an expression names, in the order of the text; variables of `all`, `map` and their kin are left out. */
export const referencesOf = (ast: ASTNode): readonly Reference[] => {
	const found: Reference[] = [];
	const walk = (value: unknown, bound: ReadonlySet<string>): void => {
		if (Array.isArray(value)) {
			for (const each of value) walk(each, bound);
			return;
		}
		if (!isNode(value)) return;
		const chain = chainOf(value);
		if (chain !== undefined) {
			if (!bound.has(chain.root)) found.push(chain);
			return;
		}
		if (value.op === 'rcall') {
			const [method, receiver, args] = value.args;
			const [variable, ...rest] = args;
			if (binding.has(method) && variable?.op === 'id' && rest.length > 0) {
				walk(receiver, bound);
				walk(rest, new Set([...bound, variable.args]));
				return;
			}
			if (method === 'bind' && receiver.op === 'id' && receiver.args === 'cel' && variable?.op === 'id') {
				walk(rest[0], bound);
				walk(rest[1], new Set([...bound, variable.args]));
				return;
			}
		}
		walk(value.args, bound);
	};
	walk(ast, new Set());
	return found.sort((a, b) => a.start - b.start);
};

/** Calls a function on every node of an expression. */
export const eachNode = (ast: ASTNode, visit: (node: ASTNode) => void): void => {
	const walk = (value: unknown): void => {
		if (Array.isArray(value)) {
			for (const each of value) walk(each);
			return;
		}
		if (!isNode(value)) return;
		visit(value);
		walk(value.args);
	};
	walk(ast);
};
