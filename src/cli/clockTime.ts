const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of day, `03:14:07`. @param at epoch ms */
export const clockTime = (at: number): string => {
	const date = new Date(at);
	return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};
