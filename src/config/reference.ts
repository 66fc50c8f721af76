import { builtInSignals } from '../domain/signal.ts';
import { builtInRules } from '../judge/builtInRules.ts';
import { cell, part, section, table } from './markdown.ts';
import type { Shape } from './shape.ts';
import { aliasesOfKind } from './services.ts';
import { configShape } from './shape.ts';

const probeSections = (choices: readonly Shape[]): readonly string[] => {
	const shared = choices.map((each) => new Set(Object.keys(each.properties ?? {})));
	const first = part(choices[0], 'probe');
	const common = new Set(Object.keys(first.properties ?? {}).filter((key) => key !== 'kind' && shared.every((keys) => keys.has(key)) && key in (first.properties ?? {})));
	const commonShape: Shape = { ...first, properties: Object.fromEntries(Object.entries(first.properties ?? {}).filter(([key]) => common.has(key))) };
	const own = choices.flatMap((each) => {
		const kind = part(each.properties?.['kind'], 'kind');
		return section(4, `\`kind: ${kind.const ?? ''}\``, [kind.description ?? ''], table(each, new Set([...common, 'kind'])));
	});
	return [...section(3, 'Probes', ['Every probe has these; `kind` says which others.'], table(commonShape)), ...own];
};

const ruleTable = (): readonly string[] => [
	'| id | severity | held for | condition | from |',
	'|---|---|---|---|---|',
	...builtInRules().map(
		(rule) => `| \`${rule.id}\` | ${rule.severity} | ${rule.forSeconds === 0 ? '-' : `${rule.forSeconds} s`} | \`${cell(rule.when)}\` | ${cell(rule.source)} |`,
	),
];

const language = [
	'Conditions are written in CEL, the Common Expression Language. Every figure is a decimal number; whole numbers may be mixed with them.',
	'',
	'| word | gives |',
	'|---|---|',
	'| `signal("name")` | newest value of a signal |',
	'| `avg("name", 300)`, `max`, `min` | over the last seconds; at least half of them must be covered |',
	'| `rate("name", 300)` | increase per second of a counter; a fall is a restart |',
	'| `age("name")` | seconds since the newest value |',
	'| `measured("name")` | whether there ever was a value |',
	'| `probe("name")` | `.ok`, `.durationMs`, `.words`, `.ageSeconds` of a probe\'s newest result |',
	'| `container` | `.name`, `.image`, `.state`, `.health`, `.exitCode` (-1 where there is none), `.oomKilled`, `.running`, `.upSeconds`, `.downSeconds`: of the replica that stands worst |',
	'| `replicas` | `.total`, `.running`, `.down`, `.unhealthy`, `.paused`, `.stopped` |',
	'| `restarts`, `crashes`, `oomKills` | starts beyond the first, ends nobody asked for, memory kills: in the last 10 minutes |',
	'',
	'A value that is missing, or older than it may be (15 s; three intervals for a probe), makes the rule inconclusive, never ok. `&&` and `||` decide without it where the other side decides alone.',
] as const;

const signalTable = (): readonly string[] => [
	'| signal | unit | from |',
	'|---|---|---|',
	...Object.entries(builtInSignals).map(([name, unit]) => `| \`${name}\` | ${unit} | every container |`),
	...Object.entries(aliasesOfKind).flatMap(([kind, aliases]) =>
		Object.keys(aliases).map((name) => `| \`${name}\` | ${aliasUnits[name] ?? 'none'} | \`${kind}\` probe |`),
	),
	'| `probe.<name>.ok` | bool | each probe |',
	'| `probe.<name>.<figure>` | | each probe, as its kind says |',
];

const aliasUnits: Readonly<Record<string, string>> = {
	'http.p95': 'milliseconds',
	'http.availability': 'percent of the probe\'s runs in 5 minutes',
	'http.errorRate': 'percent of requests, last minute, up to five where little is asked',
	'http.errors': 'count in the same time',
	'http.requestRate': 'requests/s',
	'db.locked': 'bool',
	'db.corrupt': 'bool',
	'db.queryMs': 'milliseconds',
	'db.sizeBytes': 'bytes',
	'db.walBytes': 'bytes',
	'disk.percent': 'percent, as df counts it',
	'disk.freeBytes': 'bytes',
};

const stopped = [
	'A container that is not running is one of these:',
	'',
	'- stopped on request, no alert: the engine told of a stop before the end; or the end is older than our events, and its restart policy would have brought it back, or it ended with 143 or 130',
	'- completed, no alert: it ended with 0 by itself, has no restart policy that brings it back, publishes no port and has no health check',
	'- down, P0: everything else, a start that failed included',
	'- out of consideration: it ended by itself more than a day ago, stands alone, has no restart policy and is not in sitrep.yaml',
	'',
	'`expected` in sitrep.yaml goes before all of this.',
] as const;

const example = `schemaVersion: 1
services:
  cloud-native-poc:
    container: cloud-native-poc
    expected: running
    thresholds: {memoryPercent: 85}
    probes:
      - name: health
        kind: http
        url: http://127.0.0.1:8000/health
        expect: status == 200 && json.status == "healthy"
        interval: 5s
        timeout: 3s
      - {name: metrics, kind: prometheus, url: 'http://127.0.0.1:8000/metrics'}
      - {name: db, kind: sqlite, path: /srv/poc/data/app.db, interval: 10s}
      - {name: disk, kind: disk, path: /srv/poc/data}
    rules:
      - id: slow-reads
        title: Database reads slow
        severity: P2
        when: signal("db.queryMs") > 50
        for: 30s
  worker:
    compose: shop/worker
    probes:
      - {name: queue, kind: command, run: [queue-length, --json], expect: exitCode == 0 && json.length < 1000}
rules:
  - id: network-burst
    title: Unusual traffic
    severity: P3
    when: avg("network.rxBytesPerSecond", 60) > 50000000
    for: 2m
builtInRules:
  cpu-high: {disabled: true}
  memory-high: {severity: P2, for: 1m}
`;

/** The example in the reference; it is checked as any other file is. */
export const exampleConfig = example;

/** docs/configuration.md, from the schema and the built-in rules. */
export const configReference = (): string => {
	const root = configShape();
	const keys = root.properties ?? {};
	const services = part(keys['services'], 'services');
	const service = typeof services.additionalProperties === 'object' ? services.additionalProperties : part(undefined, 'service');
	const probes = part(part(service.properties?.['probes'], 'probes').items, 'probe').oneOf ?? [];
	const builtIn = part(keys['builtInRules'], 'builtInRules');
	const change = typeof builtIn.additionalProperties === 'object' ? builtIn.additionalProperties : undefined;
	const lines = [
		'<!-- Made from the schema by src/config/reference.ts. Change that, not this. -->',
		'# Configuration',
		'',
		'sitrep needs no configuration: containers, their health, restarts, memory, CPU and logs are watched as they are. A file adds probes, rules, names and thresholds.',
		'',
		'It is looked for in this order, and the first one holds alone:',
		'',
		'1. the path after `--config`',
		'2. the path in `SITREP_CONFIG`',
		'3. `sitrep.yaml` in the working directory, unless it belongs to another user or everybody can write it: it may name commands to run',
		'4. `sitrep/sitrep.yaml` in `$XDG_CONFIG_HOME`, or in `~/.config`',
		'',
		'`sitrep init` writes one from what runs. A key that is not known is an error, with its line, its column and what was probably meant. Durations carry their unit (`500ms`, `5s`, `10m`, `1h30m`), sizes too (`8MiB`).',
		'',
		...section(2, 'Example', ['```yaml', ...example.trimEnd().split('\n'), '```']),
		...section(2, 'Keys', table(root)),
		...section(3, '`engine`', table(part(keys['engine'], 'engine'))),
		...section(3, '`logs`', table(part(keys['logs'], 'logs'))),
		...section(3, '`services`', ['The key is the name of the service: that of a container, or `project/service`, unless `container`, `compose` or `image` says which is meant.'], table(service)),
		...probeSections(probes),
		...section(3, '`rules`', table(part(part(keys['rules'], 'rules').items, 'rule'))),
		...section(3, '`builtInRules`', ['By id:'], change === undefined ? [] : table(change)),
		...section(3, '`thresholds`', ['For all services, or in a service for that one alone.'], table(part(keys['thresholds'], 'thresholds'))),
		...section(2, 'Built-in rules', ruleTable()),
		...section(2, 'When is a container down', stopped),
		...section(2, 'Conditions', language),
		...section(2, 'Signals', ['Where an `http` and a `prometheus` probe of one service both give a signal, the `prometheus` probe does: it saw every request.'], signalTable()),
	];
	return `${lines.join('\n').trimEnd()}\n`;
};
