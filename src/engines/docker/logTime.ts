const zero = 48;
const space = 32;
const dot = 46;
const secondLength = 'YYYY-MM-DDTHH:MM:SS'.length;
/** `2026-11-21T03:14:07.123456789+02:00` is the longest form. */
const maxLength = 36;

/**
 * Reads the RFC 3339 time that stands before each log line, straight from bytes. Lines come by the hundred
 * thousand and mostly within one second, so the second is kept and only the fraction read.
 * The result stands in fields, so that reading makes no garbage.
 */
export class LogTime {
	/** Epoch ms of the last time read. */
	atMs = 0;
	/** Nanoseconds within that millisecond, 0 to 999,999. */
	nanos = 0;
	readonly #second = new Uint8Array(secondLength);
	#secondMs = Number.NaN;

	/**
	 * @returns where the text after the time and its space begins, or -1 where there is no time
	 */
	read(bytes: Uint8Array, start: number, end: number): number {
		if (end - start <= secondLength || !this.#readSecond(bytes, start)) {
			return -1;
		}
		let at = start + secondLength;
		let fraction = 0;
		if (bytes[at] === dot) {
			let scale = 100_000_000;
			for (at++; at < end; at++) {
				const digit = (bytes[at] ?? 0) - zero;
				if (digit < 0 || digit > 9) {
					break;
				}
				fraction += digit * scale;
				scale /= 10;
			}
			// More than nine digits leave a broken scale behind; no engine writes them.
			fraction = Math.floor(fraction);
		}
		const offset = this.#readZone(bytes, at, Math.min(end, start + maxLength));
		if (offset < 0) {
			return -1;
		}
		const ms = Math.floor(fraction / 1_000_000);
		this.atMs = this.#secondMs + this.#zoneMs + ms;
		this.nanos = fraction - ms * 1_000_000;
		return offset;
	}

	#zoneMs = 0;

	/** `Z ` or `+02:00 `; an empty message may end right behind it. Returns where the text begins. */
	#readZone(bytes: Uint8Array, at: number, end: number): number {
		const sign = bytes[at];
		if (sign === 90) {
			this.#zoneMs = 0;
			return bytes[at + 1] === space ? at + 2 : at + 1;
		}
		if ((sign !== 43 && sign !== 45) || at + 6 > end) {
			return -1;
		}
		const hours = twoDigits(bytes, at + 1);
		const minutes = twoDigits(bytes, at + 4);
		if (hours < 0 || minutes < 0) {
			return -1;
		}
		this.#zoneMs = (sign === 43 ? -1 : 1) * (hours * 60 + minutes) * 60_000;
		return bytes[at + 6] === space ? at + 7 : at + 6;
	}

	#readSecond(bytes: Uint8Array, start: number): boolean {
		const second = this.#second;
		let same = true;
		// The last digits differ first.
		for (let index = secondLength - 1; index >= 0; index--) {
			if (bytes[start + index] !== second[index]) {
				same = false;
				break;
			}
		}
		if (same) {
			return !Number.isNaN(this.#secondMs);
		}
		second.set(bytes.subarray(start, start + secondLength));
		this.#secondMs = parseSecond(bytes, start);
		return !Number.isNaN(this.#secondMs);
	}
}

function parseSecond(bytes: Uint8Array, start: number): number {
	const century = twoDigits(bytes, start);
	const year = twoDigits(bytes, start + 2);
	const month = twoDigits(bytes, start + 5);
	const day = twoDigits(bytes, start + 8);
	const hour = twoDigits(bytes, start + 11);
	const minute = twoDigits(bytes, start + 14);
	const second = twoDigits(bytes, start + 17);
	const separated = bytes[start + 4] === 45 && bytes[start + 7] === 45 && bytes[start + 10] === 84 && bytes[start + 13] === 58 && bytes[start + 16] === 58;
	if (!separated || century < 0 || year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
		return Number.NaN;
	}
	return Date.UTC(century * 100 + year, month - 1, day, hour, minute, second);
}

/** -1 where they are no digits. */
function twoDigits(bytes: Uint8Array, at: number): number {
	const tens = (bytes[at] ?? 0) - zero;
	const ones = (bytes[at + 1] ?? 0) - zero;
	return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
