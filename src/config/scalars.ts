import { z } from 'zod';
import { parseBytes } from '../domain/bytes.ts';
import { parseDuration } from '../domain/duration.ts';
import { severities } from '../domain/severity.ts';

/** A duration such as `5s`, `10m`, `1h30m`; milliseconds once read. */
export const duration = (limits: { readonly minMs?: number; readonly maxMs?: number } = {}) =>
	z
		.string({ error: 'expected a duration with its unit, such as 5s, 500ms or 10m' })
		.transform((text, context) => {
			const ms = parseDuration(text);
			if (ms === undefined) {
				context.addIssue({ code: 'custom', message: 'expected a duration with its unit, such as 5s, 500ms or 10m' });
				return z.NEVER;
			}
			const { minMs = 0, maxMs = Number.POSITIVE_INFINITY } = limits;
			if (ms < minMs) context.addIssue({ code: 'custom', message: `expected at least ${minMs} ms` });
			if (ms > maxMs) context.addIssue({ code: 'custom', message: `expected at most ${maxMs / 1000} s` });
			return ms;
		})
		.meta({ unit: 'duration' });

/** A size such as `8MiB`; bytes once read. */
export const size = () =>
	z
		.string({ error: 'expected a size with its unit, such as 8MiB' })
		.transform((text, context) => {
			const bytes = parseBytes(text);
			if (bytes === undefined) {
				context.addIssue({ code: 'custom', message: 'expected a size with its unit, such as 8MiB' });
				return z.NEVER;
			}
			return bytes;
		})
		.meta({ unit: 'size' });

export const severity = () => z.enum(severities);

/** A name that stands in signal names, rule ids and on screen. */
export const plainName = () =>
	z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, { error: 'expected letters, digits, - and _, at most 64 of them' });

/** A service's name: a container's own, or `group/service`. */
export const serviceName = () =>
	z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}(?:\/[A-Za-z0-9][A-Za-z0-9_.-]{0,127})?$/, {
		error: 'expected a name such as web, or project/web',
	});

export const httpUrl = () =>
	z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
		error: 'expected an address such as http://127.0.0.1:8000/health',
	});
