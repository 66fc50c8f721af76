import { importRunbook } from '../../../src/respond/import/importRunbook.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../statistics.ts';

const targetSeconds = 20;
const count = 1000;

const services = ['shop', 'queue', 'gateway', 'mailer', 'search'];

/** Numbers from 0 to below `most` that are the same each time. */
const dice = (seed: number) => {
	let state = seed;
	return (most: number): number => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * most);
	};
};

const fence = (language: string, ...lines: readonly string[]): string => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``;

type Part = (name: string, turn: number) => string;

/** What runbooks are made of. */
const parts: readonly Part[] = [
	(name, turn) => `#### P${turn % 4}: ${name} is down\n\n**Immediate (0-5 minutes):**\n${fence('bash', '# 1. Check status', `docker ps -a | grep ${name}`, '', '# 2. Restart', `docker restart ${name}`, '', '# 3. Verify', `curl http://localhost:${8000 + turn}/health`, '# Expected: {"status": "ok"}')}\n\n**Investigation (5-15 minutes):**\n${fence('bash', `docker logs -f ${name} | grep ERROR`, 'df -h', `docker inspect ${name} | jq '.[0].State'`)}`,
	(name) => `### Backup of ${name}\n\nStop writing first.\n\n${fence('sh', `cp data/${name}.db backups/${name}-$(date +%Y%m%d).db`, `sqlite3 data/${name}.db "PRAGMA integrity_check;"`, 'rm -rf backups/old')}\n\nExpected: \`ok\``,
	(name) => `## Before a release of ${name}\n\n- [ ] Tests pass\n- [ ] **Backup:** taken and opened\n  - [ ] on another machine\n- [x] \`docker stats ${name} --no-stream\` recorded\n`,
	(name) => `### Rollback\n\n#### If the application is at fault:\n${fence('bash', 'git checkout <previous-tag>', `docker compose up -d --build ${name}`)}\n\n#### If the data is at fault:\n${fence('bash', `docker stop ${name} || true`, `cp /backups/<timestamp>/${name}.db data/${name}.db`, `docker start ${name}`)}`,
	(name) => `## Limits\n\n| Signal | Limit | Act |\n|---|---|---|\n| errors of ${name} | 5 % | restart |\n| memory | 90 % | look for a leak |\n\n${fence('yaml', `service: ${name}`, 'memory: 512m')}`,
	(name) => `## Deploy ${name}\n\n1. **Build it:**\n   ${fence('bash', `docker build -t ${name}:v2 .`, `docker push registry.example/${name}:v2`).replaceAll('\n', '\n   ')}\n2. **Switch:**\n   ${fence('bash', `kubectl set image deployment/${name} ${name}=${name}:v2`, `kubectl rollout status deployment/${name} --timeout=120s`).replaceAll('\n', '\n   ')}\n3. Tell the team.`,
	(name) => `### Settings\n\n${fence('bash', 'set -euo pipefail', `cat > ${name}.conf <<'EOF'`, 'level: debug', 'EOF', 'vi docker-compose.yml', '# Change the port', `ID=$(docker ps -qf name=${name})`, 'docker inspect "$ID"', 'for each in a b; do', '  echo "$each"', 'done')}\n\n${fence('', 'Query: rate(errors[5m])', 'Threshold: 5 %')}`,
	(name, turn) => `${name} was changed ${turn} times this year. ${'It is a service that other services need. '.repeat(10)}\n\n> Ask before you act.\n\n<details>\n<summary>More</summary>\n\n${fence('console', '$ uptime', ' 10:00 up 3 days', `$ docker top ${name}`)}\n\n</details>`,
];

/** A runbook of a few kilobytes, another one for each number. */
const runbook = (number: number): string => {
	const roll = dice(number + 1);
	const name = services[number % services.length] ?? 'shop';
	const chosen = Array.from({ length: 3 + roll(6) }, () => parts[roll(parts.length)]?.(name, roll(100)) ?? '');
	return `# Runbook ${number} of ${name}\n\n${chosen.join('\n\n')}\n`;
};

/** A thousand runbooks made into drafts. */
export const importRunbooks: Figure = {
	id: 'import',
	title: `${count.toLocaleString('en')} Markdown runbooks imported`,
	promise: `<= ${targetSeconds} s, none throws`,
	method: `\`importRunbook\` over ${count.toLocaleString('en')} runbooks of 1 to 8 KiB, no two alike: headings with severities and budgets, shell blocks, lists to tick, tables, files and sessions; each draft is linted on the way. A throw, or a draft that does not load, misses the figure`,
	run() {
		const texts = Array.from({ length: count }, (_, number) => runbook(number));
		const milliseconds: number[] = [];
		const trouble: string[] = [];
		let drafts = 0;
		const files: { readonly name: string; readonly text: string }[] = [];
		const began = performance.now();
		texts.forEach((text, number) => {
			const from = performance.now();
			try {
				const report = importRunbook(text, { file: `runbook-${number}.md`, pack: `pack-${number}` });
				drafts += report.files.length;
				files.push(...report.files);
			} catch (error) {
				trouble.push(`runbook ${number}: ${error instanceof Error ? error.message : String(error)}`);
			}
			milliseconds.push(performance.now() - from);
		});
		const seconds = (performance.now() - began) / 1000;
		for (const { name, text } of files) if (loadPlaybook(text, name, 'bench').loaded === undefined) trouble.push(`${name} does not load`);
		return Promise.resolve([
			{
				measured: `${seconds.toFixed(1)} s${trouble.length === 0 ? '' : `, ${trouble.length} in trouble: ${trouble[0] ?? ''}`}`,
				reached: seconds <= targetSeconds && trouble.length === 0 && drafts > 0,
				beside: [`${drafts.toLocaleString('en')} drafts`, `median ${median(milliseconds).toFixed(1)} ms a runbook`, `p95 ${percentile(milliseconds, 0.95).toFixed(1)} ms`, `${Math.round(texts.join('').length / 1024)} KiB of Markdown`],
			},
		]);
	},
};
