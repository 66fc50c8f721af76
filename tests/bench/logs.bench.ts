/**
 * Figures of the log pipeline beside the ring that one would write first: an array of objects.
 * Run with `node --expose-gc tests/bench/logs.bench.ts`. Times are the best of several short runs, since
 * other programs share the machine; memory is what is left after a collection.
 */
import { LogRing } from '../../src/observe/logs/ring.ts';
import type { LogSettings } from '../../src/observe/logs/settings.ts';
import { LogView } from '../../src/observe/logs/view.ts';

const samples: Readonly<Record<string, string>> = {
	plain: '2026-11-21 05:13:41,123 INFO  [worker-3] com.acme.orders.OrderService - order 18273 accepted for customer 99',
	json: '{"level":"info","time":1763700000123,"msg":"request completed","status":200,"path":"/api/items","ms":12}',
	logfmt: 'time="2026-11-21T05:13:41Z" level=warn msg="slow query on the items table" duration=1.2s rows=1200 db=app',
	'access log': '10.0.0.1 - - [21/Nov/2026:05:13:41 +0000] "GET /api/items?page=3 HTTP/1.1" 200 1534 "-" "curl/8.1.2" xx',
};
const startMs = Date.UTC(2026, 10, 21);

interface NaiveLine {
	readonly seq: number;
	readonly text: string;
	readonly atMs: number;
	readonly stream: string;
	readonly level: string | undefined;
}

/** What one would write first: a string and an object for each line, a level by a regular expression. */
class NaiveRing {
	#lines: NaiveLine[] = [];
	/** Lines before this are given up; taken out in one go now and then, since `shift` moves them all. */
	#from = 0;
	#bytes = 0;
	#seq = 0;
	readonly #capacity: number;

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	get lines(): readonly NaiveLine[] {
		if (this.#from > 0) this.#lines = this.#lines.slice(this.#from);
		this.#from = 0;
		return this.#lines;
	}

	line(bytes: Buffer, start: number, end: number, atMs: number): void {
		const text = bytes.toString('utf8', start, end);
		const level = /\b(trace|debug|info|warn(?:ing)?|error|fatal)\b/i.exec(text)?.[1]?.toLowerCase();
		this.#lines.push({ seq: this.#seq++, text, atMs, stream: 'stdout', level });
		this.#bytes += text.length;
		while (this.#bytes > this.#capacity) this.#bytes -= this.#lines[this.#from++]?.text.length ?? 0;
		if (this.#from > 20_000) void this.lines;
	}
}

const best = (runs: number, task: () => void): number => {
	let least = Infinity;
	for (let run = 0; run < runs; run++) {
		const began = performance.now();
		task();
		least = Math.min(least, performance.now() - began);
	}
	return least;
};

const cell = (text: string, width: number): string => text.padStart(width);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const appendFigures = (): void => {
	print('append, lines of about 100 bytes into a full ring of 4 MiB');
	for (const [name, text] of Object.entries(samples)) {
		const bytes = Buffer.from(text);
		const ring = new LogRing({ source: 'bench' });
		const naive = new NaiveRing(4 * 1024 * 1024);
		const lines = 50_000;
		let at = startMs;
		const ours = best(20, () => {
			for (let index = 0; index < lines; index++) ring.line(bytes, 0, bytes.length, (at += 0.05), 0, 'stdout');
		});
		const theirs = best(6, () => {
			for (let index = 0; index < lines; index++) naive.line(bytes, 0, bytes.length, (at += 0.05));
		});
		const rate = (ms: number): string => `${(lines / ms / 1000).toFixed(2)} M lines/s`;
		print(`  ${name.padEnd(12)}${cell(rate(ours), 18)}   naive${cell(rate(theirs), 18)}   ratio ${(theirs / ours).toFixed(1)}`);
	}
};

const lineOf = (index: number): Buffer =>
	Buffer.from(`2026-11-21 05:13:41,123 ${index % 50 === 0 ? 'ERROR' : 'INFO '} [worker-${index % 7}] com.acme.orders.OrderService - order ${index} accepted`);

const heap = (): number => {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
};

const memoryFigures = (): void => {
	const made = Array.from({ length: 60_000 }, (_, index) => lineOf(index));
	const empty = heap();
	const ring = new LogRing({ source: 'bench' });
	for (const [index, line] of made.entries()) ring.line(line, 0, line.length, startMs + index, 0, 'stdout');
	const ours = heap() - empty;
	const before = heap();
	const naive = new NaiveRing(4 * 1024 * 1024);
	for (const [index, line] of made.entries()) naive.line(line, 0, line.length, startMs + index);
	const theirs = heap() - before;
	const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
	print(`memory of a full ring of 4 MiB, ${ring.count.toLocaleString('en')} lines`);
	print(`  JS heap ${mib(Math.max(0, ours))}, beside it ${mib(ring.memoryBytes)}   naive: JS heap ${mib(theirs)}, ${naive.lines.length.toLocaleString('en')} lines`);
};

const viewFigures = (): void => {
	const ring = new LogRing({ source: 'bench' });
	const naive = new NaiveRing(4 * 1024 * 1024);
	let index = 0;
	const add = (count: number): void => {
		for (const end = index + count; index < end; index++) {
			const line = lineOf(index);
			ring.line(line, 0, line.length, startMs + index / 20, 0, 'stdout');
			naive.line(line, 0, line.length, startMs + index / 20);
		}
	};
	add(60_000);
	const view = (settings: Partial<LogSettings>): LogView => new LogView({ rings: [ring], now: () => performance.now(), settings, budgetMs: 10_000 });
	const row = (title: string, ours: number, theirs: number): void =>
		print(`  ${title.padEnd(40)}${cell(`${ours.toFixed(2)} ms`, 10)}   naive${cell(`${theirs.toFixed(2)} ms`, 10)}   ratio ${(theirs / ours).toFixed(1)}`);
	print('views of a full ring of 4 MiB');
	for (const search of ['absent', 'order 12', 'e']) {
		const ours = best(15, () => void view({ search }).matchCount());
		row(`all matches of "${search}", from nothing`, ours, best(15, () => void naive.lines.filter((line) => line.text.toLowerCase().includes(search)).length));
	}
	const regex = best(15, () => void view({ search: String.raw`/order \d+7 acc/` }).matchCount());
	row('all matches of a regular expression', regex, best(15, () => void naive.lines.filter((line) => /order \d+7 acc/i.test(line.text)).length));
	const kept = view({ search: 'order 12', keepOnly: true });
	const live = best(15, () => {
		add(100);
		kept.page({ anchor: 'tail', rows: 50 });
	});
	row('page of matches, 100 lines later', live, best(15, () => {
		add(100);
		naive.lines.filter((line) => line.text.toLowerCase().includes('order 12')).slice(-50);
	}));
	const tail = view({});
	const page = best(15, () => {
		add(100);
		tail.page({ anchor: 'tail', rows: 50 });
	});
	print(`  ${'page at the tail, 100 lines later'.padEnd(40)}${cell(`${page.toFixed(2)} ms`, 10)}`);
};

appendFigures();
memoryFigures();
viewFigures();
