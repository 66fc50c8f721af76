/** One sample of a metrics page. */
export interface MetricSample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

/** What was read of a metrics page. */
export interface Exposition {
	readonly samples: readonly MetricSample[];
	/** Lines that could not be read, counted. */
	readonly unreadable: number;
}

/** Beyond so many samples a page is cut, and said to be. */
const maxSamples = 50_000;

const unescape = (text: string): string => (text.includes('\\') ? text.replaceAll(/\\(.)/g, (_all, letter: string) => (letter === 'n' ? '\n' : letter)) : text);

const numberOf = (text: string): number => {
	switch (text) {
		case '+Inf':
		case 'Inf':
			return Number.POSITIVE_INFINITY;
		case '-Inf':
			return Number.NEGATIVE_INFINITY;
		case '':
			return Number.NaN;
		default:
			return Number(text);
	}
};

const metricLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+(\S+)/;
const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/g;

/**
 * Reads the Prometheus text format 0.0.4 and OpenMetrics 1.0 as far as samples go: names, labels, values.
 * Timestamps and exemplars are left out; a line that cannot be read is counted and passed over.
 *
 * Own code, because the parser at hand merges the label sets of a histogram into one, which makes percentiles wrong,
 * and gives up on a whole page for one line.
 * @param wanted only metrics it accepts are kept; a page may have thousands of others
 */
export const parseExposition = (text: string, wanted: (name: string) => boolean): Exposition => {
	const samples: MetricSample[] = [];
	let unreadable = 0;
	let from = 0;
	while (from < text.length) {
		let to = text.indexOf('\n', from);
		if (to < 0) to = text.length;
		const line = text.slice(from, to).trim();
		from = to + 1;
		if (line === '' || line.startsWith('#')) continue;
		const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0];
		if (name !== undefined && !wanted(name)) continue;
		const match = metricLine.exec(line);
		const value = numberOf(match?.[3] ?? '');
		if (match === null || name === undefined || (Number.isNaN(value) && match[3] !== 'NaN') || samples.length >= maxSamples) {
			unreadable++;
			continue;
		}
		samples.push({ name, labels: match[2] === undefined ? {} : labelsOf(match[2]), value });
	}
	return { samples, unreadable };
};

const labelsOf = (braces: string): Record<string, string> => {
	const labels: Record<string, string> = {};
	for (const [, name = '', value = ''] of braces.slice(1, -1).matchAll(label)) labels[name] = unescape(value);
	return labels;
};
