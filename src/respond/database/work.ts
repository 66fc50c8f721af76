import type { Engine } from '../../domain/engine.ts';

/** What a piece of database work came to. */
export interface DatabaseResult {
	/** False where it was carried out and the answer is bad, such as a corrupt database. */
	readonly ok: boolean;
	/** For later expressions: JSON. */
	readonly value: Readonly<Record<string, unknown>>;
}

/** What database work needs of the world. */
export interface DatabasePorts {
	/** Connects only when it is asked for: most database steps need no engine. */
	readonly engine: () => Promise<Engine>;
	/** Epoch ms. */
	readonly now: () => number;
	readonly timeoutMs: number;
	/** One line for the person. */
	readonly print: (line: string) => void;
	readonly signal: AbortSignal;
}

/** It could not be done. Nothing is changed unless the message says so. */
export class DatabaseError extends Error {
	override readonly name: string = 'DatabaseError';
	/** What a person can do. */
	readonly advice: string | undefined;
	constructor(message: string, options: { readonly advice?: string; readonly cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.advice = options.advice;
	}
}

/** What is there is damaged: it can be kept as it is, but not read. */
export class DamagedError extends DatabaseError {}

/** `20261121-031407`, UTC: part of the name of a copy. */
export const stampOf = (epochMs: number): string => new Date(epochMs).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
