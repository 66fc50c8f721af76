import { formatDuration } from '../../domain/duration.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `14:02` where it was today, else `2026-11-20 14:02`; local time. */
export const atWords = (at: number, now: number): string => {
	const [then, today] = [new Date(at), new Date(now)];
	const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
	return then.toDateString() === today.toDateString() ? time : `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
};

/** `3 min ago`, `now`. */
export const agoWords = (at: number, now: number): string => (now - at < 1000 ? 'now' : `${formatDuration(now - at)} ago`);
