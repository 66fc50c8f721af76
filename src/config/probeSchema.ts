import { z } from 'zod';
import { duration, httpUrl, plainName, severity } from './scalars.ts';

const common = {
	name: plainName().meta({ description: 'Its name within the service; its figures are the signals `probe.<name>.<figure>`.' }),
	interval: duration({ minMs: 500 }).optional().meta({ description: 'Time from one start to the next. Default 10s; 60s for sqlite and disk.' }),
	timeout: duration({ minMs: 50, maxMs: 300_000 }).optional().meta({ description: 'No answer within this time is a failure. Default 5s.' }),
	severity: severity().optional().meta({
		description: 'What a failure is. Default P0 for http and tcp, P1 for command, P2 for sqlite, prometheus and disk.',
	}),
	for: duration().optional().meta({ description: 'How long it must fail before the alert fires. Default 0s.' }),
};

/** A value that must not stand in a file: taken from the environment when the probe runs. */
const fromEnvironment = z.strictObject({
	env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/).meta({ description: 'Name of an environment variable.' }),
	prefix: z.string().optional().meta({ description: 'Set before the value, such as `Bearer `.' }),
});

const headers = z.record(z.string(), z.union([z.string(), fromEnvironment]));

const http = z.strictObject({
	kind: z.literal('http').meta({ description: 'An HTTP request. Gives `ok`, `status`, `latencyMs`, `p95`, `availability`.' }),
	...common,
	url: httpUrl().meta({ description: 'Address, http or https.' }),
	method: z.enum(['GET', 'HEAD', 'POST']).optional().meta({ description: 'Default GET.' }),
	headers: headers.optional().meta({ description: 'Request headers; `{env: NAME}` takes a value from the environment.' }),
	expect: z.string().optional().meta({
		description: 'CEL over `status`, `body`, `json`, `headers`, `latencyMs`. Default `status >= 200 && status < 400`.',
	}),
	insecure: z.boolean().optional().meta({ description: 'Do not verify the certificate. Default false.' }),
	redirects: z.number().int().min(0).max(10).optional().meta({ description: 'How many redirects to follow. Default 0.' }),
});

const prometheus = z.strictObject({
	kind: z.literal('prometheus').meta({
		description: 'Reads a /metrics page in the Prometheus text format. Gives `requestRate`, `requests`, `errors`, `errorRate`, `p95`.',
	}),
	...common,
	url: httpUrl().meta({ description: 'Address of the metrics page.' }),
	headers: headers.optional().meta({ description: 'Request headers, as for http.' }),
	insecure: z.boolean().optional().meta({ description: 'Do not verify the certificate. Default false.' }),
	requests: z.string().optional().meta({
		description: 'Counter of requests. Default: the first present of http_requests_total, http_server_requests_total, http_request_duration_seconds_count and their kin.',
	}),
	statusLabel: z.string().optional().meta({ description: 'Label that holds the status. Default: the first present of status, status_code, code.' }),
	errorPattern: z.string().optional().meta({ description: 'Regular expression of statuses that are errors. Default `^5`.' }),
	duration: z.string().optional().meta({ description: 'Histogram of durations in seconds, without `_bucket`. Default http_request_duration_seconds and its kin.' }),
});

const inContainer = (what: string) =>
	z.boolean().optional().meta({ description: `Run ${what} inside the container of the service. Default false: on this machine.` });

const tcp = z.strictObject({
	kind: z.literal('tcp').meta({ description: 'A TCP connection. Gives `ok`, `latencyMs`.' }),
	...common,
	host: z.string().min(1).optional().meta({ description: 'Default 127.0.0.1.' }),
	port: z.number().int().min(1).max(65_535).meta({ description: 'Port.' }),
	banner: z.string().optional().meta({ description: 'Text the server must send first.' }),
});

const command = z.strictObject({
	kind: z.literal('command').meta({ description: 'A command. Gives `ok`, `exitCode`, `latencyMs`.' }),
	...common,
	run: z.array(z.string()).min(1).meta({ description: 'Program and arguments. No shell reads them.' }),
	inContainer: inContainer('the command'),
	env: z.record(z.string(), z.string()).optional().meta({ description: 'Added to the environment.' }),
	directory: z.string().optional().meta({ description: 'Working directory. Default: that of the console.' }),
	expect: z.string().optional().meta({ description: 'CEL over `exitCode`, `stdout`, `stderr`, `json`. Default `exitCode == 0`.' }),
});

const sqlite = z.strictObject({
	kind: z.literal('sqlite').meta({
		description: 'An SQLite database, opened read-only. Gives `locked`, `corrupt`, `queryMs`, `sizeBytes`, `walBytes`.',
	}),
	...common,
	path: z.string().min(1).meta({ description: 'Database file on this machine, or inside the container.' }),
	inContainer: inContainer('the checks, with the sqlite3 program that is there,'),
	query: z.string().optional().meta({ description: 'A reading statement to time. Default: count the rows of the schema table.' }),
	quickCheckEvery: duration({ minMs: 10_000 }).optional().meta({
		description: 'How often `PRAGMA quick_check` reads the whole file. Default 1h.',
	}),
	writeLock: z.boolean().optional().meta({
		description: 'Also ask for the write lock, and give it back at once. Only needed where the kernel does not show who holds a lock (not Linux, or a writer on another machine), for it makes the probe a writer for a moment. Default false.',
	}),
});

const disk = z.strictObject({
	kind: z.literal('disk').meta({ description: 'The file system that holds a path. Gives `percent`, `freeBytes`.' }),
	...common,
	path: z.string().min(1).meta({ description: 'Any path on the file system.' }),
});

export const probeSchema = z.discriminatedUnion('kind', [http, prometheus, tcp, command, sqlite, disk]);

export type ProbeConfig = z.output<typeof probeSchema>;
export type ProbeKind = ProbeConfig['kind'];
export type ProbeConfigOf<K extends ProbeKind> = Extract<ProbeConfig, { kind: K }>;
export type HeaderConfig = z.output<typeof headers>;
