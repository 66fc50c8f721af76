import type { SignalUnit } from '../../src/domain/signal.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A span of time in words, the two largest units at most: `42 s`, `3 min`, `2 h 5 min`, `3 d 4 h`. */
export const duration = (ms: number): string => {
	const span = Math.max(0, ms);
	if (!Number.isFinite(span)) return '?';
	if (span < minute) return `${Math.floor(span / second)} s`;
	if (span < hour) return `${Math.floor(span / minute)} min`;
	if (span < day) {
		const minutes = Math.floor((span % hour) / minute);
		return `${Math.floor(span / hour)} h${minutes === 0 ? '' : ` ${minutes} min`}`;
	}
	const hours = Math.floor((span % day) / hour);
	const days = Math.floor(span / day);
	return `${days} d${hours === 0 || days > 9 ? '' : ` ${hours} h`}`;
};

/** A span in at most 5 cells, for a column: `42s`, `3m`, `2h5m`, `3d4h`, `120d`. */
export const shortDuration = (ms: number): string => {
	const span = Math.max(0, ms);
	if (!Number.isFinite(span)) return '?';
	if (span < minute) return `${Math.floor(span / second)}s`;
	if (span < hour) return `${Math.floor(span / minute)}m`;
	if (span < day) {
		const hours = Math.floor(span / hour);
		return hours >= 10 ? `${hours}h` : `${hours}h${Math.floor((span % hour) / minute)}m`;
	}
	const days = Math.floor(span / day);
	return days >= 10 ? `${days}d` : `${days}d${Math.floor((span % day) / hour)}h`;
};

/** How long something took: `12 ms`, `1.2 s`, else as `duration`. */
export const took = (ms: number): string => {
	if (ms < second) return `${Math.round(ms)} ms`;
	return ms < 10 * second ? `${(ms / second).toFixed(1)} s` : duration(ms);
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Minutes and seconds, `4:12`, with hours where there are any: the form of a stop-watch. */
export const stopwatch = (ms: number): string => {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const hours = Math.floor(seconds / 3600);
	const minutes = Math.floor(seconds / 60) % 60;
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

/** Time of day where the person sits, `03:14:07`. */
export const clock = (at: number): string => {
	const date = new Date(at);
	if (Number.isNaN(date.getTime())) return '--:--:--';
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** Time of day with milliseconds, `03:14:07.042`. */
export const clockMs = (at: number): string => {
	const ms = new Date(at).getMilliseconds();
	return `${clock(at)}.${Number.isNaN(ms) ? '---' : String(ms).padStart(3, '0')}`;
};

/** Hours and minutes, `03:14`. */
export const clockMinutes = (at: number): string => clock(at).slice(0, 5);

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Day and time where the person sits, `Mon 23 Nov, 03:14`. */
export const dayAndTime = (at: number): string => {
	const date = new Date(at);
	if (Number.isNaN(date.getTime())) return 'an unknown day';
	return `${days[date.getDay()] ?? '?'} ${date.getDate()} ${months[date.getMonth()] ?? '?'}, ${clockMinutes(at)}`;
};

/** Three significant digits at most, without an exponent: `0.12`, `1.5`, `23`, `1234`. */
export const figure = (value: number): string => {
	if (!Number.isFinite(value)) return '?';
	const size = Math.abs(value);
	if (size === 0) return '0';
	if (size < 0.01) return value < 0 ? '-0.01' : '<0.01';
	if (size < 0.995) return value.toFixed(2);
	if (size < 9.95) return value.toFixed(1).replace(/\.0$/, '');
	return String(Math.round(value));
};

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes in binary units: `512 B`, `1.5 KiB`, `64 MiB`. */
export const bytes = (value: number): string => {
	if (!Number.isFinite(value)) return '?';
	let size = Math.abs(value);
	let unit = 0;
	while (size >= 1023.5 && unit < binary.length - 1) {
		size /= 1024;
		unit += 1;
	}
	return `${value < 0 ? '-' : ''}${unit === 0 ? Math.round(size) : figure(size)} ${binary[unit] ?? 'B'}`;
};

/** Bytes for a column, without the space: `64M`, `1.5G`. */
export const shortBytes = (value: number): string => bytes(value).replace(/ ?(?:([KMGTP])iB|B)$/, '$1').replace(/^(\d+)$/, '$1B');

/** A count that may be large: `999`, `12k`, `3.4M`. */
export const count = (value: number): string => {
	if (!Number.isFinite(value)) return '?';
	if (value < 1000) return String(Math.round(value));
	return value < 1_000_000 ? `${figure(value / 1000)}k` : `${figure(value / 1_000_000)}M`;
};

/** A number with thousands set off, `4,096`. */
export const exact = (value: number): string => (Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : '?');

/** A value with its unit, as it stands beside a chart. */
export const withUnit = (value: number, unit: SignalUnit): string => {
	switch (unit) {
		case 'percent':
			return `${figure(value)} %`;
		case 'bytes':
			return bytes(value);
		case 'bytes/s':
			return `${bytes(value)}/s`;
		case 'per-minute':
			return `${count(value)}/min`;
		case 'seconds':
			return value < 1 ? `${Math.round(value * 1000)} ms` : `${figure(value)} s`;
		case 'milliseconds':
			return value < 1000 ? `${figure(value)} ms` : `${figure(value / 1000)} s`;
		case 'bool':
			return value > 0 ? 'yes' : 'no';
		case 'count':
		case 'none':
			return value >= 10_000 ? count(value) : figure(value);
	}
};
