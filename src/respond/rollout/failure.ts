/** A rollout step that cannot do what it should. Nothing was changed unless the message says so. */
export class RolloutFailure extends Error {
	override readonly name = 'RolloutFailure';
	/** What a person can do. */
	readonly advice: string | undefined;
	/** What later expressions may still want to know. */
	readonly value: Readonly<Record<string, unknown>>;
	constructor(message: string, options: { readonly advice?: string; readonly value?: Readonly<Record<string, unknown>>; readonly cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.advice = options.advice;
		this.value = options.value ?? {};
	}
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a person can do about an error of any kind; absent where it does not say. */
export const adviceOf = (error: unknown): string | undefined =>
	error instanceof Error && 'advice' in error && typeof error.advice === 'string' && error.advice !== '' ? error.advice : undefined;

/** One sentence after the other, each with one full stop between. */
export const sentences = (...parts: readonly (string | undefined)[]): string =>
	parts
		.filter((part) => part !== undefined && part !== '')
		.map((part, index, all) => (index === all.length - 1 ? part : `${part?.replace(/\.$/, '')}.`))
		.join(' ');
