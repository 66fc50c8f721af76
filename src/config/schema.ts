import { z } from 'zod';
import { builtInRules } from '../judge/builtInRules.ts';
import { defaultThresholds, thresholdNames } from '../judge/thresholds.ts';
import { probeSchema } from './probeSchema.ts';
import { duration, plainName, serviceName, severity, size } from './scalars.ts';

const thresholdWords: Readonly<Record<keyof typeof defaultThresholds, string>> = {
	memoryPercent: 'percent of its memory limit, P3',
	memoryCriticalPercent: 'percent of its memory limit for 5 minutes, P1',
	cpuPercent: 'percent of its CPU quota for 5 minutes, P2',
	restarts: 'restarts in 10 minutes, P1',
	logErrors: 'errors in the log in 5 minutes, P2',
	logErrorPercent: 'percent of log lines that are errors besides, P2',
	errorRatePercent: 'percent of requests that fail, P1',
	errorRateWarnPercent: 'percent of requests that fail, P2',
	p95Ms: 'milliseconds, 95th percentile, P1',
	p95WarnMs: 'milliseconds, 95th percentile, P2',
	diskPercent: 'percent of a file system, P2',
};

const threshold = (name: keyof typeof defaultThresholds) =>
	z.number().min(0).optional().meta({ description: `${thresholdWords[name]}. Default ${defaultThresholds[name]}.` });

const thresholds = z.strictObject({
	memoryPercent: threshold('memoryPercent'),
	memoryCriticalPercent: threshold('memoryCriticalPercent'),
	cpuPercent: threshold('cpuPercent'),
	restarts: threshold('restarts'),
	logErrors: threshold('logErrors'),
	logErrorPercent: threshold('logErrorPercent'),
	errorRatePercent: threshold('errorRatePercent'),
	errorRateWarnPercent: threshold('errorRateWarnPercent'),
	p95Ms: threshold('p95Ms'),
	p95WarnMs: threshold('p95WarnMs'),
	diskPercent: threshold('diskPercent'),
} satisfies Record<(typeof thresholdNames)[number], z.ZodType>);

const ruleFields = {
	id: plainName().meta({ description: 'Its name, such as `queue-long`. An id of a built-in rule replaces that rule.' }),
	title: z.string().min(1).max(80).meta({ description: 'What is wrong, in a few words.' }),
	severity: severity().meta({ description: 'P0 down, P1 degraded, P2 slow or at risk, P3 minor.' }),
	when: z.string().min(1).meta({ description: 'CEL, true where the trouble is there.' }),
	for: duration().optional().meta({ description: 'How long it must hold. Default 0s.' }),
};

const serviceRule = z.strictObject(ruleFields);
const rule = z.strictObject({
	...ruleFields,
	services: z.array(z.string().min(1)).min(1).optional().meta({ description: 'Services it is for. Default: all.' }),
});

/** Shorter than a minute says nothing, and longer than a day no version may ever get to. */
const watchWindow = () => duration({ minMs: 60_000, maxMs: 24 * 3_600_000 });

/** Plain values: what a parameter of a playbook takes. Where it fits none, the start of the run says so. */
const params = () => z.record(z.string().regex(/^[A-Za-z]\w*$/, { error: 'expected the name of a parameter' }), z.union([z.string().max(4096), z.number(), z.boolean()]));

const service = z.strictObject({
	container: z.string().min(1).optional().meta({ description: 'Container name; `*` stands for any characters. Default: the name of the service.' }),
	compose: z.string().min(1).optional().meta({ description: 'Compose service, as `project/service`; `*` is allowed.' }),
	image: z.string().min(1).optional().meta({ description: 'Image, such as `shop/api:*`.' }),
	group: z.string().min(1).max(64).optional().meta({ description: 'Heading it stands under.' }),
	hidden: z.boolean().optional().meta({ description: 'Leave it off the screen. Its alerts are left off too. Default false.' }),
	expected: z.enum(['running', 'completed', 'stopped']).optional().meta({
		description:
			'What it should be doing. `running`: any end is an alert, a requested one too. `completed`: a job, exit 0 is fine. `stopped`: being down is fine. Default: found out from its restart policy, ports and health check.',
	}),
	watchWindow: watchWindow().optional().meta({ description: 'How long a version of it has to be healthy until it counts as good: what a rollback goes back to. Default: that for all services.' }),
	params: params().optional().meta({ description: 'Values of parameters for runs of playbooks on this service. They go before those for all services.' }),
	probes: z.array(probeSchema).optional().meta({ description: 'Active checks.' }),
	rules: z.array(serviceRule).optional().meta({ description: 'Rules for this service alone.' }),
	thresholds: thresholds.optional().meta({ description: 'Thresholds of the built-in rules for this service alone.' }),
});

const builtInRule = z.strictObject({
	disabled: z.boolean().optional().meta({ description: 'Do not judge by it. Default false.' }),
	severity: severity().optional().meta({ description: 'Another severity.' }),
	for: duration().optional().meta({ description: 'Another time to hold.' }),
	when: z.string().min(1).optional().meta({ description: 'Another condition.' }),
});

const builtInIds = builtInRules().map((each) => each.id);

export const configSchema = z
	.strictObject({
		schemaVersion: z.literal(1).meta({ description: 'Always 1.' }),
		engine: z
			.strictObject({
				context: z.string().min(1).optional().meta({ description: 'Name of a docker context.' }),
				host: z.string().min(1).optional().meta({ description: 'Address, such as unix:///run/user/1000/docker.sock or ssh://ops@prod-1.' }),
			})
			.refine((engine) => (engine.context === undefined) !== (engine.host === undefined), {
				error: 'expected either context or host',
			})
			.optional()
			.meta({ description: 'Which engine. Default: as the docker command finds it.' }),
		services: z.record(serviceName(), service).optional().meta({ description: 'Services by name.' }),
		rules: z.array(rule).optional().meta({ description: 'Rules of your own.' }),
		builtInRules: z.partialRecord(z.enum(builtInIds), builtInRule).optional().meta({ description: 'Changes to built-in rules, by id.' }),
		thresholds: thresholds.optional().meta({ description: 'Thresholds of the built-in rules, for all services.' }),
		watchWindow: watchWindow().optional().meta({ description: 'How long a version has to be healthy until it counts as good: what a rollback goes back to. Default 10m.' }),
		params: params().optional().meta({ description: 'Values of parameters by name, for every playbook that has such a parameter: `teller`, a program that is handed the message of a rollback, `webhook`, `backups`. One that is given for a run goes before it. Not for secrets.' }),
		theme: z.enum(['auto', 'dark', 'light', 'none']).optional().meta({ description: 'Colours. Default auto.' }),
		logs: z
			.strictObject({
				tail: z.number().int().min(0).max(100_000).optional().meta({ description: 'Lines read from the past of a log. Default 1000.' }),
				ring: size().optional().meta({ description: 'Memory for the log of the service that is looked at. Default 4MiB.' }),
				follow: z.number().int().min(1).max(128).optional().meta({ description: 'How many logs are followed at once. Default 100.' }),
			})
			.optional()
			.meta({ description: 'Logs.' }),
		readOnly: z.boolean().optional().meta({ description: 'Refuse every change from the console. Default false.' }),
	})
	.meta({ title: 'sitrep.yaml', description: 'Configuration of sitrep. Everything but schemaVersion may be left out.' });

export type Config = z.output<typeof configSchema>;
export type ServiceConfig = z.output<typeof service>;

