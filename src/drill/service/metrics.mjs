const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counters and histograms with labels, written in the Prometheus text format. */
export class Metrics {
	#counters = new Map();
	#histograms = new Map();
	#help = new Map();

	describe(name, type, help) {
		this.#help.set(name, { type, help });
	}

	count(name, labels) {
		const key = `${name}{${format(labels)}}`;
		this.#counters.set(key, (this.#counters.get(key) ?? 0) + 1);
	}

	observe(name, labels, seconds) {
		const key = JSON.stringify([name, labels]);
		let histogram = this.#histograms.get(key);
		if (histogram === undefined) {
			histogram = { name, labels, counts: bounds.map(() => 0), sum: 0, total: 0 };
			this.#histograms.set(key, histogram);
		}
		bounds.forEach((bound, index) => {
			if (seconds <= bound) histogram.counts[index]++;
		});
		histogram.sum += seconds;
		histogram.total++;
	}

	text(gauges) {
		const lines = [];
		const head = (name) => {
			const known = this.#help.get(name);
			if (known !== undefined) lines.push(`# HELP ${name} ${known.help}`, `# TYPE ${name} ${known.type}`);
		};
		for (const name of this.#help.keys()) {
			const own = [...this.#counters].filter(([key]) => key.startsWith(`${name}{`));
			const histograms = [...this.#histograms.values()].filter((histogram) => histogram.name === name);
			if (own.length === 0 && histograms.length === 0 && gauges[name] === undefined) continue;
			head(name);
			for (const [key, value] of own) lines.push(`${key} ${value}`);
			for (const { labels, counts, sum, total } of histograms) {
				bounds.forEach((bound, index) => lines.push(`${name}_bucket{${format({ ...labels, le: bound })}} ${counts[index]}`));
				lines.push(`${name}_bucket{${format({ ...labels, le: '+Inf' })}} ${total}`);
				lines.push(`${name}_sum{${format(labels)}} ${sum}`, `${name}_count{${format(labels)}} ${total}`);
			}
			for (const [labels, value] of gauges[name] ?? []) lines.push(`${name}{${format(labels)}} ${value}`);
		}
		return `${lines.join('\n')}\n`;
	}
}

function format(labels) {
	return Object.entries(labels)
		.map(([key, value]) => `${key}="${value}"`)
		.join(',');
}
