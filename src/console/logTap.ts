import type { ContainerSummary } from '../domain/container.ts';
import type { LoggedError } from '../domain/service.ts';

/** The part of log following that judgement needs. */
export interface LogTap {
	/** Containers to follow, the most important first. */
	follow(containers: readonly ContainerSummary[], focusedIds: readonly string[]): void;
	/** The container runs again after an end. */
	started(containerId: string): void;
	/** Lines and errors within the last so many ms; `undefined` where its log is not followed. */
	counts(containerId: string, now: number, withinMs: number): { readonly lines: number; readonly errors: number } | undefined;
	/** What the newest error in its log says. */
	lastError(containerId: string): LoggedError | undefined;
}
