import type { Sample } from '../domain/signal.ts';

/** Raw samples are kept so long, ms. */
const rawMs = 5 * 60_000;
/** Older ones are kept as means over this time, ms … */
const bucketMs = 10_000;
/** … so many of them: one hour. */
const maxBuckets = 360;
/** Never more raw samples than this, whatever their rate. */
const maxRaw = 600;

/** Two parallel number columns that grow up to a bound and then go round. */
class Columns {
	readonly #max: number;
	#at: Float64Array<ArrayBuffer>;
	#value: Float32Array<ArrayBuffer>;
	#head = 0;
	#length = 0;

	constructor(max: number) {
		this.#max = max;
		this.#at = new Float64Array(Math.min(16, max));
		this.#value = new Float32Array(Math.min(16, max));
	}

	get length(): number {
		return this.#length;
	}

	at(index: number): number {
		return this.#at[(this.#head + index) % this.#at.length] ?? 0;
	}

	value(index: number): number {
		return this.#value[(this.#head + index) % this.#value.length] ?? 0;
	}

	push(at: number, value: number): void {
		if (this.#length === this.#at.length && this.#length < this.#max) this.#grow();
		if (this.#length === this.#at.length) this.shift();
		const slot = (this.#head + this.#length) % this.#at.length;
		this.#at[slot] = at;
		this.#value[slot] = value;
		this.#length++;
	}

	shift(): void {
		this.#head = (this.#head + 1) % this.#at.length;
		this.#length--;
	}

	#grow(): void {
		const size = Math.min(this.#max, this.#at.length * 2);
		const at = new Float64Array(size);
		const value = new Float32Array(size);
		for (let index = 0; index < this.#length; index++) {
			at[index] = this.at(index);
			value[index] = this.value(index);
		}
		this.#at = at;
		this.#value = value;
		this.#head = 0;
	}
}

/**
 * One hour of one signal in at most some 11 kB: raw samples for 5 minutes, means over 10 s before that.
 * Samples older than the newest one are refused, since a chart reads them in order.
 */
export class Series {
	readonly #raw = new Columns(maxRaw);
	/** Made when the first sample is old enough: hundreds of services have thousands of series, and most of a console's life is its first minutes. */
	#means: Columns | undefined;
	#bucketAt = 0;
	#bucketSum = 0;
	#bucketCount = 0;

	/** @returns false where the sample is older than the newest one, and was not taken */
	push(at: number, value: number): boolean {
		const last = this.#raw.length - 1;
		if (last >= 0 && at < this.#raw.at(last)) return false;
		while (this.#raw.length > 0 && (at - this.#raw.at(0) > rawMs || this.#raw.length >= maxRaw)) this.#retire();
		this.#raw.push(at, value);
		return true;
	}

	latest(): Sample | undefined {
		const last = this.#raw.length - 1;
		return last < 0 ? undefined : { at: this.#raw.at(last), value: this.#raw.value(last) };
	}

	/** Samples with `from <= at <= to`, oldest first. */
	range(from: number, to: number): Sample[] {
		const samples: Sample[] = [];
		const take = (at: number, value: number): void => {
			if (at >= from && at <= to) samples.push({ at, value });
		};
		const means = this.#means;
		for (let index = 0; index < (means?.length ?? 0); index++) take(means?.at(index) ?? 0, means?.value(index) ?? 0);
		if (this.#bucketCount > 0) take(this.#bucketAt, this.#bucketSum / this.#bucketCount);
		for (let index = 0; index < this.#raw.length; index++) take(this.#raw.at(index), this.#raw.value(index));
		return samples;
	}

	/** Moves the oldest raw sample into the means. */
	#retire(): void {
		const at = this.#raw.at(0);
		const value = this.#raw.value(0);
		this.#raw.shift();
		if (this.#bucketCount > 0 && at - this.#bucketAt >= bucketMs) {
			this.#means ??= new Columns(maxBuckets);
			this.#means.push(this.#bucketAt, this.#bucketSum / this.#bucketCount);
			this.#bucketCount = 0;
		}
		if (this.#bucketCount === 0) {
			this.#bucketAt = at;
			this.#bucketSum = 0;
		}
		this.#bucketSum += value;
		this.#bucketCount++;
	}
}
