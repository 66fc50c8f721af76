import type { ProbeConfigOf } from '../../../config/probeSchema.ts';
import { formatBytes } from '../../../domain/bytes.ts';
import { formatLatency } from '../../../domain/duration.ts';
import type { Probe } from '../../../domain/probe.ts';
import type { Outcome } from '../attempt.ts';
import { attempt } from '../attempt.ts';
import type { ProbeIdentity, ProbePorts } from '../ports.ts';
import type { AskSqlite } from './ask.ts';
import { askChild } from './ask.ts';
import type { SqliteFinding } from './check.ts';
import { checkInside } from './inside.ts';

const defaultQuery = 'SELECT count(*) FROM sqlite_schema';
const defaultQuickCheckMs = 3_600_000;

/**
 * Looks at an SQLite database, read-only. Figures: locked and corrupt (0 or 1), queryMs, sizeBytes, walBytes.
 *
 * It never makes a writer wait: who writes is read from the kernel's list of locks; with a rollback journal, where a
 * long read would stop writers, damage is looked for only where `quickCheckEvery` is written down.
 */
export const sqliteProbe = (config: ProbeConfigOf<'sqlite'>, identity: ProbeIdentity, ports: ProbePorts, ask: AskSqlite = askChild): Probe => {
	const { clock } = ports;
	const every = config.quickCheckEvery ?? defaultQuickCheckMs;
	let checkedAt: number | undefined;
	/** Damage that a quick check found stays until one finds none. */
	let damage: string | undefined;
	let note = '';

	const look = async (signal: AbortSignal, tell: (finding: SqliteFinding) => void): Promise<void> => {
		const quickCheck = checkedAt === undefined || clock.monotonic() - checkedAt >= every;
		// Set before it runs: one that takes longer than the timeout is not tried again each time.
		if (quickCheck) checkedAt = clock.monotonic();
		if (config.inContainer === true) {
			const { exec } = ports;
			if (exec === undefined) throw new Error('commands inside containers are not possible here');
			return tell(
				await checkInside((request) => exec(identity.serviceId, request), {
					path: config.path,
					query: config.query ?? defaultQuery,
					quickCheck,
					timeoutMs: identity.timeoutMs,
					signal,
				}),
			);
		}
		return ask(
			{
				path: config.path,
				query: config.query ?? defaultQuery,
				quickCheck,
				quickCheckBlocks: config.quickCheckEvery !== undefined,
				writeLock: config.writeLock ?? false,
				patienceMs: Math.min(1000, identity.timeoutMs / 3),
			},
			tell,
			signal,
		);
	};

	const outcomeOf = (finding: SqliteFinding): Outcome => {
		if (finding.quickCheck === 'done') {
			damage = finding.corrupt ? (finding.corruption ?? 'damaged') : undefined;
			note = '';
		}
		if (finding.quickCheck === 'blocking') note = ', not checked for damage: that would stop its writers';
		const corruption = finding.corrupt ? (finding.corruption ?? 'damaged') : damage;
		const figures = {
			locked: finding.locked ? 1 : 0,
			corrupt: corruption === undefined ? 0 : 1,
			sizeBytes: finding.sizeBytes,
			walBytes: finding.walBytes,
			...(finding.queryMs === undefined ? {} : { queryMs: finding.queryMs }),
		};
		if (corruption !== undefined) return { ok: false, words: `corrupt: ${corruption}`, figures };
		if (finding.error !== undefined) return { ok: false, words: `${config.path}: ${finding.error}` };
		if (finding.locked) return { ok: false, words: `locked${finding.holder === undefined ? '' : ` by ${finding.holder}`}`, figures };
		const read = finding.queryMs === undefined ? 'read' : `read in ${formatLatency(finding.queryMs)}`;
		return { ok: true, words: `${read}, ${formatBytes(finding.sizeBytes)}${finding.wal ? `, WAL ${formatBytes(finding.walBytes)}` : ''}${note}`, figures };
	};

	return {
		name: config.name,
		kind: 'sqlite',
		...identity,
		async run(signal) {
			let last: SqliteFinding | undefined;
			const result = await attempt({ name: config.name, clock, timeoutMs: identity.timeoutMs, signal }, async (inner) => {
				await look(inner, (finding) => {
					last = finding;
				});
				if (last === undefined) throw new Error('the database check said nothing');
				return outcomeOf(last);
			});
			// The quick check ran out of time: what was found before it stands.
			if (result.figures['locked'] !== undefined || last === undefined || signal.aborted) return result;
			if (last.quickCheck === 'skipped' && last.error === undefined) note = ', not checked for damage: that takes too long';
			const { ok, words, figures } = outcomeOf(last);
			return { ...result, ok, words, figures: figures ?? {} };
		},
	};
};
