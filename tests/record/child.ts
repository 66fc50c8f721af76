import process from 'node:process';
import Database from 'better-sqlite3';
import { JournalError } from '../../src/domain/journal.ts';
import { openJournal } from '../../src/record/journal.ts';
import { actorOf } from '../../src/record/session.ts';

/** A console of its own process that does what it is told, one line at a time. */
const path = process.argv[2] ?? '';
const actor = actorOf();
const tell = (message: unknown): void => void process.send?.(message);

const append = async (times: number): Promise<void> => {
	const journal = await openJournal(path);
	for (let index = 0; index < times; index++) {
		const [event] = await journal.append([{ actor, runId: `of-${process.pid}`, event: { kind: 'note_added', text: `${process.pid} ${index}` } }]);
		tell({ acknowledged: event?.seq, text: `${process.pid} ${index}` });
	}
	await journal.close();
};

const claim = async (services: readonly string[]): Promise<boolean[]> => {
	const journal = await openJournal(path);
	const granted: boolean[] = [];
	for (const service of services) granted.push((await journal.claim(service, `run-${process.pid}`, actor)).granted);
	await journal.close();
	return granted;
};

const tryAppend = async (): Promise<unknown> => {
	const journal = await openJournal(path);
	try {
		await journal.append([{ actor, event: { kind: 'note_added', text: 'one' } }]);
		return { trouble: journal.trouble?.kind };
	} catch (error) {
		if (!(error instanceof JournalError)) throw error;
		return { kind: error.kind, message: error.message, advice: error.advice, trouble: journal.trouble?.kind };
	} finally {
		await journal.close();
	}
};

let holder: Database.Database | undefined;
let kept: Awaited<ReturnType<typeof openJournal>> | undefined;

const orders: Readonly<Record<string, (...words: readonly string[]) => unknown>> = {
	async append(times) {
		await append(Number(times));
		return 'done';
	},
	claim: async (...services) => claim(services),
	umask: (mask) => process.umask(Number.parseInt(mask ?? '', 8)),
	become: (uid) => process.seteuid?.(Number(uid)),
	'try-append': async () => tryAppend(),
	async 'open-and-append'() {
		kept = await openJournal(path);
		await kept.append([{ actor, event: { kind: 'note_added', text: 'kept open' } }]);
	},
	hold() {
		holder = new Database(path);
		holder.exec('BEGIN IMMEDIATE');
	},
	'let-go'() {
		holder?.exec('ROLLBACK');
		holder?.close();
	},
};

process.on('message', (line) => {
	const [order = '', ...words] = String(line).split(' ');
	void Promise.resolve(orders[order]?.(...words)).then((answer) => tell({ answer: answer ?? null }));
});
process.on('disconnect', () => process.exit(0));
tell({ answer: 'ready' });
