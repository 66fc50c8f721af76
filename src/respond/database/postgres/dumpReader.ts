import { createHash, hash, type Hash } from 'node:crypto';
import { plainName } from './facts.ts';

/** So much of a line is kept to find out what it is, bytes. The rest of it is only hashed. */
const keptOfLine = 8192;
const newline = 0x0a;

const identifierPart = String.raw`(?:"(?:[^"]|"")*"|[^\s".(]+)`;
const copyLine = new RegExp(String.raw`^COPY (${identifierPart}(?:\.${identifierPart})?) (?:\(|FROM )`);
const insertLine = /^INSERT INTO /;
/** What pg_dump itself writes of psql's own commands: the end of the rows, the encoding, and the brackets that newer versions put around a dump. */
const ownCommand = /^\\(?:\.|encoding|restrict|unrestrict)(?:\s|$)/;

const unquoted = (name: string): string => name.replaceAll(/"((?:[^"]|"")*)"/g, (_whole, inner: string) => inner.replaceAll('""', '"'));

/** Gets each row of a dump. */
export interface RowSink {
	begin(table: string): void;
	/** @param key 48 bits of the hash of the row's text: equal rows have the same */
	row(table: string, key: number): void;
}

/** What was in a dump. */
export interface DumpFacts {
	readonly rows: Readonly<Record<string, number>>;
	/** Alembic's version. */
	readonly schema: string | undefined;
	/** True: its end says that it is whole. An archive needs no such mark. */
	readonly complete: boolean;
	/** Rows that are written as INSERT: they are not counted by table. */
	readonly inserts: number;
	/** The first command of psql's own that is not the dump's: it could lead elsewhere. */
	readonly foreign: string | undefined;
}

/**
 * Reads the text of a dump as it comes (`pg_dump`, or `pg_restore -f -`) and counts the rows between `COPY … FROM stdin;` and `\.`.
 * Memory does not grow with the dump. https://www.postgresql.org/docs/current/sql-copy.html
 */
export class DumpReader {
	readonly #sink: RowSink | undefined;
	readonly #rows = new Map<string, number>();
	#table: string | undefined;
	#kept: Buffer[] = [];
	#keptBytes = 0;
	#hash: Hash | undefined;
	#versions: string[] = [];
	#complete = false;
	#inserts = 0;
	#foreign: string | undefined;

	constructor(sink?: RowSink) {
		this.#sink = sink;
	}

	write(bytes: Uint8Array): void {
		const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		let from = 0;
		for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
			this.#end(chunk.subarray(from, at));
			from = at + 1;
		}
		if (from < chunk.byteLength) this.#carry(chunk.subarray(from));
	}

	end(): DumpFacts {
		if (this.#keptBytes > 0) this.#end(Buffer.alloc(0));
		return {
			rows: Object.fromEntries(this.#rows),
			schema: this.#versions.length === 0 ? undefined : this.#versions.toSorted((a, b) => a.localeCompare(b)).join(','),
			complete: this.#complete && this.#table === undefined,
			inserts: this.#inserts,
			foreign: this.#foreign,
		};
	}

	/** A line that goes on in the next chunk. */
	#carry(part: Buffer): void {
		if (this.#keptBytes < keptOfLine) {
			// A copy: the chunk is used again by whoever gave it.
			const kept = Buffer.from(part.subarray(0, keptOfLine - this.#keptBytes));
			this.#kept.push(kept);
			this.#keptBytes += kept.byteLength;
		}
		if (this.#table !== undefined) (this.#hash ??= createHash('sha1')).update(part);
	}

	#end(part: Buffer): void {
		if (this.#keptBytes === 0) return this.#line(part, part);
		this.#carry(part);
		const start = Buffer.concat(this.#kept);
		const carried = this.#hash;
		this.#kept = [];
		this.#keptBytes = 0;
		this.#hash = undefined;
		this.#line(start, carried?.digest() ?? start);
	}

	/** @param start of the line @param whole the line, or where it came in parts the hash of it */
	#line(start: Buffer, whole: Buffer): void {
		if (this.#table === undefined) return this.#outside(start.toString('utf8', 0, keptOfLine));
		if (start.byteLength === 2 && start.toString('latin1') === '\\.') {
			this.#table = undefined;
			return;
		}
		const table = this.#table;
		this.#rows.set(table, (this.#rows.get(table) ?? 0) + 1);
		if (table === 'alembic_version' && this.#versions.length < 100) this.#versions.push(start.toString('utf8').trim());
		if (this.#sink === undefined) return;
		const digest = whole === start ? hash('sha1', start, 'buffer') : whole;
		this.#sink.row(table, digest.readUIntBE(0, 6));
	}

	#outside(line: string): void {
		const copied = copyLine.exec(line);
		if (copied !== null) {
			this.#table = plainName(unquoted(copied[1] ?? ''));
			this.#rows.set(this.#table, this.#rows.get(this.#table) ?? 0);
			this.#sink?.begin(this.#table);
		} else if (insertLine.test(line)) this.#inserts++;
		else if (line.startsWith('-- PostgreSQL database dump complete')) this.#complete = true;
		else if (line.startsWith('\\') && !ownCommand.test(line)) this.#foreign ??= line.slice(0, 80);
	}
}
