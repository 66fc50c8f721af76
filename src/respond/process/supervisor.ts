import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import type { CommandEnd, CommandSpec } from '../../domain/run/execution.ts';
import { commandTree } from './commandTree.ts';
import { openPipes } from './pipes.ts';
import { OutputStore } from './outputStore.ts';
import { systemProcesses } from './processTable.ts';
import { claimExecution, type ExecutionIdentity, fillRecord, recordNames, replaceRecord, reserveRecord } from './records.ts';
import { redactText } from './redactor.ts';
import { formsOf } from './secretForms.ts';
import { folderDisk } from './segments.ts';
import { followCommand, spawnCommand, stopReason } from './supervise.ts';
import type { SupervisorAnswer } from './supervisorAnswer.ts';

/** Room kept on the disk for the end. */
const endBytes = 4096;
/** A full disk may be made room on by a person: the end is offered again so often. */
const endTries = 120;
const endTryMs = 1000;

/**
 * Carries out one command, whatever becomes of who asked for it. A program of its own in a session of its own: it is
 * started ahead of time, waits for its command as one line of JSON on its input, and answers with one line.
 */
const readSpec = (): Promise<CommandSpec | undefined> =>
	new Promise((resolve) => {
		const input = new Socket({ fd: 0, readable: true, writable: false });
		const parts: Buffer[] = [];
		input.on('data', (part: Buffer) => {
			parts.push(part);
			if (part.at(-1) !== 0x0a) return;
			resolve(JSON.parse(Buffer.concat(parts).toString('utf8')));
			input.destroy();
		});
		// Whoever started us is gone, and has asked for nothing.
		input.once('close', () => resolve(undefined));
		input.once('error', () => input.destroy());
	});

const answer = (value: SupervisorAnswer): void => {
	try {
		writeSync(1, `${JSON.stringify(value)}\n`);
	} catch {
		// Nobody listens any more. The files say it all.
	}
};

const writeEnd = async (folder: string, end: CommandEnd, store: OutputStore): Promise<void> => {
	const text = JSON.stringify(end);
	for (let tried = 0; tried < endTries; tried++) {
		try {
			if (tried === 0 && Buffer.byteLength(text) <= endBytes) fillRecord(folder, recordNames.end, text);
			else replaceRecord(folder, recordNames.end, text);
			return;
		} catch {
			store.sacrificeTail();
			await new Promise((resolve) => setTimeout(resolve, tried === 0 ? 0 : endTryMs));
		}
	}
};

const carryOut = async (spec: CommandSpec, pipes: ReturnType<typeof openPipes>): Promise<void> => {
	const table = systemProcesses();
	const patterns = [...new Set(spec.redact)].flatMap(formsOf).sort((a, b) => b.length - a.length);
	const own = { pid: process.pid, start: table.look(process.pid)?.start ?? 0 };
	const identity: ExecutionIdentity = { version: 1, mark: randomBytes(12).toString('hex'), bootId: table.bootId(), supervisor: own, startedAt: Date.now() };
	if (!claimExecution(spec.folder, identity)) {
		answer({ refused: `${spec.folder}: this execution was started before` });
		return;
	}
	const store = new OutputStore(folderDisk(spec.folder), { patterns, hide: spec.hideOutput, maxBytes: spec.maxOutputBytes, now: Date.now });
	const began = performance.now();
	const startedAt = Date.now();
	const stop = stopReason(spec.folder, spec.timeoutMs);
	const spawned = spawnCommand(spec, identity.mark, pipes);
	const { pid } = spawned;
	// It has not been waited for yet, so it stands in the table even where it is over.
	const child = pid === undefined ? undefined : { pid, start: table.look(pid)?.start ?? own.start };
	const notes: string[] = [];
	process.on('uncaughtException', (error) => notes.push(`the supervisor met an error: ${error.message}`));
	try {
		replaceRecord(spec.folder, recordNames.identity, JSON.stringify({ ...identity, startedAt, ...(child === undefined ? {} : { child }) }));
		reserveRecord(spec.folder, recordNames.end, endBytes);
	} catch (error) {
		notes.push(`its identity could not be written: ${error instanceof Error ? error.message : String(error)}`);
	}
	answer({ started: true });
	const outcome = await followCommand(spawned, child === undefined ? undefined : commandTree(table, child, identity.mark), store, stop.reason, spec.graceMs);
	stop.release();
	store.close();
	const { notes: more, failedToStart, over, ...rest } = outcome;
	const durationMs = over - began;
	const words = [...more, ...notes, ...(store.trouble === undefined ? [] : [`some of its output could not be written: ${store.trouble}`])].join('; ');
	const end: CommandEnd = {
		...rest,
		...(failedToStart === undefined ? {} : { failedToStart: redactText(failedToStart, patterns) }),
		startedAt,
		endedAt: Math.round(startedAt + durationMs),
		durationMs,
		bytes: store.bytes,
		lines: store.lines,
		droppedBytes: store.dropped,
		...(words === '' ? {} : { note: redactText(words, patterns) }),
	};
	await writeEnd(spec.folder, end, store);
};

process.title = 'sitrep step';
const pipes = openPipes();
const spec = await readSpec();
if (spec !== undefined) {
	// The console's terminal closing must not reach what runs; nor must its going away.
	process.on('SIGHUP', () => undefined);
	try {
		await carryOut(spec, pipes);
	} catch (error) {
		answer({ refused: error instanceof Error ? error.message : String(error) });
	}
}
process.exit(0);
