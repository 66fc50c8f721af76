import { cell, part, section, table } from '../../config/markdown.ts';
import type { Shape } from '../../config/shape.ts';
import { outcomeNames } from '../action/scope.ts';
import { examplePlaybook } from './example.ts';
import { keysThatTell } from './kind.ts';
import { lintCatalogue } from './lint/catalogue.ts';
import { commonFields } from './schema/step.ts';
import { playbookShape } from './shape.ts';
import { orList } from './words.ts';

const common = new Set(Object.keys(commonFields));

/** Keys of a kind of step that only it has. */
const kindSection = (shape: Shape): readonly string[] => {
	const kind = part(shape.properties?.['kind'], 'kind');
	const name = String(kind.const ?? '');
	const tell = keysThatTell(name);
	const hint = tell.length === 0 || name === 'waitFor' ? '' : ` Told by ${orList(tell.map((key) => `\`${key}\``))}.`;
	return section(3, `\`kind: ${name}\``, [(kind.description ?? '').replace(/ `kind` may be left out\./, hint)], table(shape, new Set([...common, 'kind'])));
};

const bodyOf = (kinds: readonly Shape[], kind: string): Shape => {
	const step = kinds.find((each) => each.properties?.['kind']?.const === kind);
	return part(step?.properties?.[kind], kind);
};

const databaseSections = (shape: Shape): readonly string[] =>
	(shape.oneOf ?? []).flatMap((each) => {
		const system = part(each.properties?.['system'], 'system');
		return section(4, `\`system: ${String(system.const ?? '')}\``, [system.description ?? ''], table(each, new Set(['system'])));
	});

const lintTable = (): readonly string[] => ['| rule | level | what it finds |', '|---|---|---|', ...lintCatalogue.map((each) => `| \`${each.id}\` | ${each.level} | ${cell(each.about)} |`)];

const expressions = [
	'Conditions (`when`, `unless`, `expect`, the criteria of a `watch`, the `when` and `evidence` of a choice) and what stands in `${{ }}` are CEL, the Common Expression Language.',
	'',
	'| word | gives |',
	'|---|---|',
	'| `params.name` | a parameter |',
	'| `name` | the result of the step that was registered under this name, or has this id; `steps["my-step"]` where the id is no plain word |',
	'| `name.exitCode`, `.stdout`, `.stderr` | of a command; of output that is JSON its fields as well, `state.OOMKilled` |',
	'| `name.lastGood`, `.versions`, `.current` | of `rollout: versions`; of `plan` the plan as it was shown, with `.planId`, `.findings`, `.summary`; of `swap` `.end`, `.gapMs`, `.requests.failed` |',
	'| `name.status`, `.body`, `.json`, `.headers` | of a request; the fields of JSON stand beside them |',
	`| ${outcomeNames.map((each) => `\`${each}\``).join(', ')} | of the step itself, in \`expect\` and in the criteria of a \`watch\` |`,
	'| `signal("name")` | newest value of a signal of the service |',
	'| `avg("name", 300)`, `max`, `min`, `rate` | over the last seconds |',
	'| `baseline("name")` | what the signal was before the run changed anything |',
	'| `hasBaseline("name")` | whether that is known: a version of the service was healthy for its watch window, and the signal was measured then |',
	'| `measured("name")` | whether there is a value |',
	'| `firing("P1")` | how many alerts of the service fire that are of this severity, or of a worse one |',
	'| `probe("name")` | `.ok`, `.durationMs`, `.words`, `.ageSeconds` of the newest result of a probe |',
	'',
	'`signal`, `probe`, `baseline` and the windows take the id of another service as a further argument. A value that is missing makes a condition inconclusive, never true.',
];

const risks = [
	'| risk | how it is confirmed |',
	'|---|---|',
	'| `read` | runs at once |',
	'| `change` | asks, with Cancel focused |',
	'| `destructive` | wants the name of its `target` typed, and shows the host, the target and what will be lost |',
	'',
	'A `command`, a request that is no GET or HEAD, and a `container` that is not only inspected have to declare their risk. Of a `database` step it is known: `integrity`, `quick-check`, `query`, `backups` and `schema` read, `restore` is destructive, the others change. Of a `rollout` step as well: `versions` and `plan` read, `retire` is destructive, the others change. `parallel` has the worst risk of its steps. `confirm` may ask for more than that, never for less, and `--yes` never covers a destructive step.',
];

const scripts = [
	'Parameters reach a program as single arguments (`run`), or a script (`sh`) as environment variables `$P_name`. `${{ }}` in a script is an error: the shell would read the value once more. A value that begins with `-`, or that misses its `pattern`, is refused. A secret reaches a program through `env` or a header, never as an argument.',
	'',
	'A script runs with `set -eu`, and with `pipefail` where the shell knows it: in bash where the machine has one, in `sh` inside a container.',
	'',
	'Lint reads scripts with a real parser, and knows some hundred programs and their options: what only reads, what changes, what destroys. What it does not know it takes for a change.',
];

/** docs/playbooks.md, from the schema. */
export const playbookReference = (): string => {
	const root = playbookShape();
	const keys = root.properties ?? {};
	const params = part(keys['params'], 'params');
	const param = typeof params.additionalProperties === 'object' ? params.additionalProperties : part(undefined, 'param');
	const phases = part(keys['phases'], 'phases');
	const phase = typeof phases.additionalProperties === 'object' ? phases.additionalProperties : part(undefined, 'phase');
	const kinds = part(part(keys['steps'], 'steps').items, 'step').oneOf ?? [];
	const first = part(kinds[0], 'step');
	const input = part(kinds.find((each) => each.properties?.['kind']?.const === 'input'), 'input');
	const offers = part(input.properties?.['offers'], 'offers');
	const branch = part(kinds.find((each) => each.properties?.['kind']?.const === 'branch'), 'branch');
	const lines = [
		'<!-- Made from the schema by src/respond/playbook/reference.ts. Change that, not this. -->',
		'# Playbooks',
		'',
		'A playbook is a written procedure that sitrep runs step by step: each step shows what it will do, is confirmed by its risk, and is recorded. It is one YAML file. A pack is a folder of them; playbooks of your own take the place of shipped ones with the same id.',
		'',
		'`sitrep playbook schema` prints the format as JSON Schema, which editors understand:',
		'',
		'```yaml',
		'# yaml-language-server: $schema=./playbook.schema.json',
		'```',
		'',
		'`sitrep playbook lint FILE` says what is wrong with one, with line and column, and what to write instead. A key that is not known is an error.',
		'',
		...section(2, 'Example', ['```yaml', ...examplePlaybook.trimEnd().split('\n'), '```']),
		...section(2, 'Keys', table(root)),
		...section(3, '`params`', ['By name; the name is a plain word.'], table(param)),
		...section(3, '`phases`', ['By id. A step may declare its phase itself, with `phase` and `budgetMinutes`; the steps after it belong to it until another one is named.'], table(phase)),
		...section(3, '`triggers`', table(part(part(keys['triggers'], 'triggers').items, 'trigger'))),
		...section(3, '`appliesTo`', table(part(keys['appliesTo'], 'appliesTo'))),
		...section(3, '`reviewed`', ['A file that was imported has `draft: true`, and does not run before `sitrep playbook review`.'], table(part(keys['reviewed'], 'reviewed'))),
		...section(2, 'Steps', ['Every step has these. What it does is told by further keys, as its kind says.'], table(first, new Set(Object.keys(first.properties ?? {}).filter((key) => !common.has(key))))),
		...kinds.flatMap(kindSection),
		...section(3, '`container`', table(bodyOf(kinds, 'container'))),
		...section(3, '`http`', table(bodyOf(kinds, 'http'))),
		...section(3, '`database`', ['`system` says which.']),
		...databaseSections(bodyOf(kinds, 'database')),
		...section(3, '`rollout`', table(bodyOf(kinds, 'rollout'))),
		...section(3, '`criteria` of a branch', table(part(branch.properties?.['criteria']?.items, 'criterion'))),
		...section(3, '`offers`', table(typeof offers.additionalProperties === 'object' ? offers.additionalProperties : part(undefined, 'offer'))),
		...section(3, '`choices`', table(part(branch.properties?.['choices']?.items, 'choice'))),
		...section(2, 'Risk', risks),
		...section(2, 'What follows a failure', [
			'| `onFailure` | what happens |',
			'|---|---|',
			'| `ask` | the person decides: once more, go on, roll back, end |',
			'| `abort` | the run ends |',
			'| `continue` | the next step follows; the failure stays on record |',
			'| `rollback` | the `undo` of every step done so far, newest first, the failed one\'s own included |',
			'| `step:ID` | the run goes on there |',
			'| `playbook:ID` | another playbook is proposed |',
		]),
		...section(2, 'Expressions', expressions),
		...section(2, 'Parameters and scripts', scripts),
		...section(2, 'Lint', ['An error keeps a playbook from running; a warning does not.'], lintTable()),
	];
	return `${lines.join('\n').trimEnd()}\n`;
};
