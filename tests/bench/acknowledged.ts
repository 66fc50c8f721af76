import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { until } from '../../src/drill/until.ts';
import { field } from '../drill/field.ts';

const waitMs = 60_000;

/** Somebody who writes one row after the other all the time, and remembers those that were acknowledged as `id name`. */
export abstract class Writer implements AsyncDisposable {
	readonly acknowledged = new Set<string>();
	/** Names of rows begin so, and no other writer's do. */
	readonly prefix: string;
	#count = 0;
	#over = false;
	#work: Promise<void> | undefined;

	constructor(prefix: string) {
		this.prefix = prefix;
	}

	start(): void {
		this.#work = this.#write();
	}

	async #write(): Promise<void> {
		while (!this.#over) {
			const name = `${this.prefix}-${this.#count++}`;
			const id = await this.insert(name);
			if (id !== undefined) this.acknowledged.add(`${id} ${name}`);
			// A refusal may come at once.
			await turn();
		}
	}

	/** @returns the row's id once it is committed; `undefined` where nobody said so */
	protected abstract insert(name: string): Promise<number | undefined>;

	/** Waits until so many more rows were acknowledged. */
	async more(rows: number): Promise<void> {
		const wanted = this.acknowledged.size + rows;
		await until(() => this.acknowledged.size >= wanted, { timeoutMs: waitMs, everyMs: 10, what: `${rows} more rows to be written` });
	}

	/** Ends once the row under way is written or refused. */
	async stop(): Promise<void> {
		this.#over = true;
		await this.#work;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.stop();
	}
}

/** Writes through a service's `POST /api/items`, on a connection of its own each time. */
export class HttpWriter extends Writer {
	readonly #url: string;

	constructor(prefix: string, url: string) {
		super(prefix);
		this.#url = url;
	}

	protected async insert(name: string): Promise<number | undefined> {
		try {
			const answer = await fetch(`${this.#url}/api/items`, { method: 'POST', headers: { 'content-type': 'application/json', connection: 'close' }, body: JSON.stringify({ name, price: 1 }), signal: AbortSignal.timeout(5000) });
			const body: unknown = await answer.json();
			return answer.status === 201 ? Number(field(body, 'id')) : undefined;
		} catch {
			// Refused in the middle of a move: nobody acknowledged anything.
			return undefined;
		}
	}
}

/** Writes through a `psql` that stays connected. */
export class PostgresWriter extends Writer {
	readonly #psql;
	readonly #answers;

	constructor(prefix: string, connection: readonly string[]) {
		super(prefix);
		this.#psql = spawn('psql', [...connection, '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'], { stdio: ['pipe', 'pipe', 'inherit'] });
		this.#answers = createInterface(this.#psql.stdout)[Symbol.asyncIterator]();
	}

	protected async insert(name: string): Promise<number | undefined> {
		this.#psql.stdin.write(`INSERT INTO items (name) VALUES ('${name}') RETURNING id;\n`);
		const { value, done } = await this.#answers.next();
		if (done === true) throw new Error('psql ended');
		return Number(value);
	}

	override async stop(): Promise<void> {
		await super.stop();
		if (this.#psql.exitCode !== null || this.#psql.stdin.writableEnded) return;
		this.#psql.stdin.end();
		await once(this.#psql, 'close');
	}
}
