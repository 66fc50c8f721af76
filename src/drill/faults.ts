import type { Part } from './rangeNames.ts';

/** What a fault does to the range, one after the other. */
export type FaultAction =
	/** Tells a part, through a file in its container, to misbehave. A sticky order holds on every start. */
	| { readonly kind: 'order'; readonly part: Part; readonly order: Order; readonly sticky?: boolean }
	| { readonly kind: 'pause'; readonly part: Part }
	| { readonly kind: 'stop'; readonly part: Part }
	| { readonly kind: 'restartPolicy'; readonly part: Part; readonly policy: 'no' | 'always' }
	/** Puts the api on another release, as a deployment does. */
	| { readonly kind: 'deploy'; readonly version: string }
	/** While the api is down: lets another container take its host port, then tries to start the api. */
	| { readonly kind: 'takePort' };

/** As the service's own code reads it. */
export interface Order {
	readonly name: string;
	readonly code?: number;
	readonly rate?: number;
	readonly ms?: number;
}

/** A switch of the range: something that really breaks. */
export interface Fault {
	readonly name: string;
	/** In words, for the list. */
	readonly title: string;
	/** The part it happens to. */
	readonly part: Part;
	/** What can be seen of it from outside. */
	readonly effect: string;
	/** The built-in rule that should see it; absent where none should. */
	readonly rule?: string;
	/** What ends it, short of `heal`. */
	readonly remedy: string;
	/** The database is not what it was, and only a backup brings it back. */
	readonly damagesDatabase?: true;
	/** What /ready has to say for a moment before the fault counts as made: it is made again until then. */
	readonly certain?: string;
	readonly actions: readonly FaultAction[];
}

const toApi = (order: Order): FaultAction => ({ kind: 'order', part: 'api', order });
const toWorker = (order: Order): FaultAction => ({ kind: 'order', part: 'worker', order });

/** All faults of the range, in the order of the runbook's severities. */
export const faults: readonly Fault[] = [
	{ name: 'crash', title: 'The service crashes', part: 'api', effect: 'exits with code 3 and stays down', rule: 'container-down', remedy: 'start the container', actions: [toApi({ name: 'crash', code: 3 })] },
	{ name: 'out-of-memory', title: 'The service is killed for memory', part: 'api', effect: 'exits with code 137, killed for memory', rule: 'container-down', remedy: 'start the container', actions: [toApi({ name: 'out-of-memory' })] },
	{
		name: 'restart-loop',
		title: 'The service crashes on every start',
		part: 'api',
		effect: 'the engine starts it again and again; each time it exits with code 2',
		rule: 'restart-loop',
		remedy: 'stop it and mend its configuration (heal)',
		actions: [
			{ kind: 'restartPolicy', part: 'api', policy: 'always' },
			{ kind: 'order', part: 'api', order: { name: 'crash-on-start', code: 2 }, sticky: true },
			toApi({ name: 'crash', code: 2 }),
		],
	},
	{ name: 'bad-deploy', title: 'A new version crashes at start', part: 'api', effect: 'version 1.2.0 exits with code 1 at once', rule: 'container-down', remedy: 'roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.2.0' }] },
	{ name: 'bad-release', title: 'A new version fails requests', part: 'api', effect: 'version 1.3.0 is healthy and answers 500 to four requests in ten', rule: 'error-rate', remedy: 'roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.3.0' }] },
	{ name: 'bad-deploy-soon', title: 'A new version crashes 4 s after its start', part: 'api', effect: 'version 1.4.0 becomes healthy and exits with code 1 after 4 s', rule: 'container-down', remedy: 'roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.4.0' }] },
	{ name: 'bad-deploy-late', title: 'A new version crashes a minute after its start', part: 'api', effect: 'version 1.5.0 is healthy for a minute and then exits with code 1', rule: 'container-down', remedy: 'roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.5.0' }] },
	{ name: 'bad-deploy-errors', title: 'A new version fails some requests', part: 'api', effect: 'version 1.6.0 is healthy and answers 500 to one request in twenty', rule: 'error-rate-raised', remedy: 'roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.6.0' }] },
	{ name: 'bad-deploy-slow', title: 'A new version is twice as slow', part: 'api', effect: 'version 1.7.0 is healthy and takes twice as long to answer, still within its objective', remedy: 'roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.7.0' }] },
	{ name: 'bad-deploy-migration', title: 'A new version breaks the database', part: 'api', effect: 'the migration of version 1.8.0 stops half way, with a column dropped: requests fail in the new version and in the old one, /ready answers 503', rule: 'error-rate', remedy: 'roll back to 1.0.0 and restore a backup, with the service and the worker stopped', damagesDatabase: true, actions: [{ kind: 'deploy', version: '1.8.0' }] },
	{ name: 'bad-deploy-leak', title: 'A new version runs out of memory', part: 'api', effect: 'version 1.9.0 is healthy, its memory climbs, and after some 15 s it is killed for memory', rule: 'container-down', remedy: 'roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.9.0' }] },
	{ name: 'bad-deploy-port', title: 'A new version crashes, and another container takes its port', part: 'api', effect: 'version 1.2.0 exits with code 1, and no version can start: port is already allocated', rule: 'container-down', remedy: 'remove the container that holds the port, then roll back to 1.0.0', actions: [{ kind: 'deploy', version: '1.2.0' }, { kind: 'takePort' }] },
	{ name: 'port-taken', title: 'Another container holds the port', part: 'api', effect: 'the service does not start: port is already allocated', rule: 'container-down', remedy: 'remove the container that holds it, then start the service', actions: [toApi({ name: 'crash', code: 3 }), { kind: 'takePort' }] },
	{ name: 'health-failing', title: 'The health check fails', part: 'api', effect: '/health answers 503; unhealthy', rule: 'health-failing', remedy: 'restart the container', actions: [toApi({ name: 'health-failing' })] },
	{ name: 'health-hanging', title: 'The health check hangs', part: 'api', effect: '/health never answers; unhealthy with a time-out', rule: 'health-failing', remedy: 'restart the container', actions: [toApi({ name: 'health-hanging' })] },
	{ name: 'paused', title: 'The service is frozen', part: 'api', effect: 'paused; requests hang', rule: 'paused', remedy: 'unpause the container', actions: [{ kind: 'pause', part: 'api' }] },
	{ name: 'stopped', title: 'The service was stopped on request', part: 'api', effect: 'exited with code 0 after a stop that was asked for', remedy: 'start the container', actions: [{ kind: 'stop', part: 'api' }] },
	{ name: 'errors', title: 'Requests fail', part: 'api', effect: 'half of the requests answer 500, with an error in the log', rule: 'error-rate', remedy: 'restart the container', actions: [toApi({ name: 'errors', rate: 0.5 })] },
	{ name: 'latency', title: 'Requests are slow', part: 'api', effect: 'every request takes 1.5 s longer', rule: 'response-time', remedy: 'restart the container', actions: [toApi({ name: 'latency', ms: 1500 })] },
	{ name: 'database-lock', title: 'The database is locked', part: 'worker', effect: 'a migration in the worker holds the write lock: writes fail with "database is locked", /ready answers 503', rule: 'database-locked', remedy: 'restart the worker', actions: [toWorker({ name: 'database-lock' })] },
	{ name: 'database-corrupt', title: 'The database is corrupt', part: 'api', effect: 'queries fail with "database disk image is malformed", /ready answers 503', rule: 'database-corrupt', remedy: 'restore /data/backups/app-first.db with the service and the worker stopped', damagesDatabase: true, certain: 'malformed', actions: [toApi({ name: 'database-corrupt' })] },
	{ name: 'disk-full', title: 'The disk is full', part: 'worker', effect: '/data is at 100 %: writes fail with "database or disk is full"', rule: 'disk-usage', remedy: 'remove /data/logs/worker-debug.log', actions: [toWorker({ name: 'disk-full' })] },
	{ name: 'memory-leak', title: 'Memory leaks', part: 'api', effect: 'memory climbs to 92 % of the limit within some seconds and stays there', rule: 'memory-high', remedy: 'restart the container', actions: [toApi({ name: 'memory-leak' })] },
	{ name: 'cpu-burn', title: 'A loop burns the processor', part: 'api', effect: 'the whole quota of half a core is used, and throttled', rule: 'cpu-high', remedy: 'restart the container', actions: [toApi({ name: 'cpu-burn' })] },
	{ name: 'log-errors', title: 'Errors fill the log', part: 'api', effect: '30 errors with stack traces a second', rule: 'log-errors', remedy: 'restart the container', actions: [toApi({ name: 'log-errors' })] },
	{ name: 'log-flood', title: 'The log is flooded', part: 'api', effect: '5,000 lines a second', remedy: 'restart the container', actions: [toApi({ name: 'log-flood' })] },
];

/** @throws Error that lists the names there are */
export function faultNamed(name: string): Fault {
	const fault = faults.find((candidate) => candidate.name === name);
	if (fault === undefined) {
		throw new Error(`there is no fault "${name}": ${faults.map((candidate) => candidate.name).join(', ')}`);
	}
	return fault;
}
