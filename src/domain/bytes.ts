const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/**
 * A size in binary units as `docker stats` shows memory: `512 B`, `64 MiB`, `1.5 GiB`.
 * At most four significant digits, without trailing zeros.
 */
export const formatBytes = (bytes: number): string => {
	if (!Number.isFinite(bytes)) return '?';
	let value = Math.abs(bytes);
	let unit = 0;
	// 1023.95 would round to 1024: go to the next unit a little early.
	while (value >= 1023.95 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	const digits = unit === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
	const text = String(Number(value.toFixed(digits)));
	return `${bytes < 0 ? '-' : ''}${text} ${units[unit] ?? 'PiB'}`;
};

/**
 * Reads `64MiB`, `1.5 GiB`, `512B`, and the decimal `64MB` (10^6).
 * @returns bytes, or `undefined` where it is no size
 */
export const parseBytes = (text: string): number | undefined => {
	const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(i?)B\s*$/.exec(text);
	if (match === null) return undefined;
	const [, amount, prefix = '', binary] = match;
	if (prefix === '' && binary === 'i') return undefined;
	const power = prefix === '' ? 0 : 'KMGTP'.indexOf(prefix) + 1;
	return Math.round(Number(amount) * (binary === 'i' ? 1024 : 1000) ** power);
};
