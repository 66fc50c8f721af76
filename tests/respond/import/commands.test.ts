import { describe, expect, it } from 'vitest';
import { lintText } from '../../../src/respond/playbook/lint.ts';
import { commandOf, fence, imported, titled } from './support.ts';

const inBlock = (script: string, language = 'bash') => imported(`## Procedure\n\n${fence(script, language)}`);

const errorsOf = (found: ReturnType<typeof imported>) => found.report.files.flatMap(({ text, name }) => lintText(text, name).filter(({ level }) => level === 'error'));

describe('commands that would not end', () => {
	it.each([
		['docker logs -f web', 'docker logs --tail=200 web'],
		['docker logs -f --tail 50 web', 'docker logs --tail 50 web'],
		['docker logs -ft web', 'docker logs --tail=200 -t web'],
		['docker-compose logs --follow web', 'docker-compose logs --tail=200 web'],
		['kubectl logs -f deployment/web | grep ERROR', 'kubectl logs --tail=200 deployment/web | grep ERROR'],
		['docker logs -f web > out.txt', 'docker logs --tail=200 web > out.txt'],
		['docker stats web', 'docker stats --no-stream web'],
		['docker events --since 1h', 'docker events --until 0s --since 1h'],
		['kubectl get pods -w', 'kubectl get pods'],
		['journalctl -u nginx -f', 'journalctl -u nginx -n 200 --no-pager'],
		['tail -f /var/log/syslog', 'tail -n 200 /var/log/syslog'],
		['tail -100f /var/log/syslog', 'tail -100 /var/log/syslog'],
		['watch -n 5 docker ps', 'docker ps'],
		["watch 'docker ps'", 'docker ps'],
		['ping db', 'ping -c 4 db'],
		['top', 'top -b -n 1'],
		['docker exec -it web ls /app', 'docker exec web ls /app'],
		['less /var/log/syslog', 'cat /var/log/syslog'],
	])('%s becomes %s, and says so', (written, bounded) => {
		const found = inBlock(written);
		expect(found.steps.map(commandOf)).toEqual([bounded]);
		expect(found.steps[0]?.note).toContain(`Written as ${written}`);
		expect(errorsOf(found)).toEqual([]);
	});

	it.each(['vi docker-compose.yml', 'crontab -e', 'docker exec -it web /bin/sh', 'ssh web-1', 'while true; do sleep 1; done', 'psql shop', 'mysql -p shop', 'git rebase -i HEAD~3'])('%s is done by hand', (written) => {
		const found = inBlock(written);
		expect(found.steps).toHaveLength(1);
		expect(found.steps[0]).toMatchObject({ kind: 'manual', note: expect.stringMatching(/^No command, because /) });
		expect(found.text).toContain(written);
		expect(errorsOf(found)).toEqual([]);
	});

	it('keeps the words below an editor beside it', () => {
		const found = inBlock('# Raise the limit\nvi compose.yml\n# Change memory: 512m');
		expect(titled(found, 'Raise the limit')).toMatchObject({ kind: 'manual', risk: 'change', note: expect.stringContaining('Change memory: 512m') });
	});
});

describe('placeholders', () => {
	it.each([
		['git checkout <previous-commit>', 'git checkout ${{params.previous_commit}}', ['previous_commit']],
		['docker pull <registry>/shop:<new-tag>', 'docker pull ${{params.registry}}/shop:${{params.new_tag}}', ['registry', 'new_tag']],
		['git checkout [previous-stable-commit]', 'git checkout ${{params.previous_stable_commit}}', ['previous_stable_commit']],
		['nix run ./parts/[component]#deploy', 'nix run ./parts/${{params.component}}#deploy', ['component']],
		['docker restart YOUR_CONTAINER', 'docker restart ${{params.container}}', ['container']],
		['docker ps | grep <name>', 'docker ps | grep "$P_name"', ['name']],
		['echo "at <place> now" > out', 'echo "at ${P_place} now" > out', ['place']],
		["echo 'at <place> now' > out", "echo 'at '\"$P_place\"' now' > out", ['place']],
		['psql shop < backup_YYYYMMDD_HHMMSS.sql', 'psql shop < backup_"$P_yyyymmdd_hhmmss".sql', ['yyyymmdd_hhmmss']],
		['cat > a <<EOF\nhost: <host>\nEOF', 'cat > a <<EOF\nhost: ${P_host}\nEOF', ['host']],
		['ls "$(dirname <path>)"', 'ls "$(dirname "$P_path")"', ['path']],
	])('%s asks for them', (written, command, params) => {
		const found = inBlock(written);
		expect(found.steps.map(commandOf)).toEqual([command]);
		expect(Object.keys(found.playbooks[0]?.params ?? {})).toEqual(params);
		expect(errorsOf(found)).toEqual([]);
	});

	it('asks once for what stands in several places', () => {
		const found = inBlock('docker stop <container>\ndocker rm <container>');
		expect(found.playbooks[0]?.params).toMatchObject({ container: { type: 'container' } });
		expect(found.steps.map(commandOf)).toEqual(['docker stop ${{params.container}}', 'docker rm ${{params.container}}']);
	});

	it.each(["cat > a <<'EOF'\nhost: <host>\nEOF", 'docker run ... shop', 'echo `ls <dir>`', 'curl -H "Authorization: Bearer <ADMIN_TOKEN>" http://localhost/', 'echo ${{ github.sha }}'])('%s is done by hand: no parameter can stand there', (written) => {
		const found = inBlock(written);
		expect(found.steps.map(({ kind }) => kind)).toEqual(['manual']);
		expect(errorsOf(found)).toEqual([]);
	});

	it('leaves sets of characters, tests and filters alone', () => {
		const found = inBlock("ls log[0-9].txt file[abc].txt\n[ -f a ] && ls\njq '.[0].State' a.json");
		expect(found.playbooks[0]?.params).toEqual({});
		expect(found.steps.map(commandOf)).toEqual(['ls log[0-9].txt file[abc].txt', '[ -f a ] && ls', 'jq .[0].State a.json']);
	});

	it('asks for variables that nothing sets', () => {
		const found = inBlock('ls "$BACKUP_DIR" && ls "$HOME"');
		expect(found.playbooks[0]?.params).toMatchObject({ backup_dir: { type: 'text' } });
		expect(found.steps[0]).toMatchObject({ action: { env: { BACKUP_DIR: '${{params.backup_dir}}' } } });
	});
});

describe('scripts', () => {
	it('keep together what needs the same shell', () => {
		const found = inBlock('# Find it\nID=$(docker ps -q)\n\n# Show it\ndocker inspect "$ID"\n\n# Disk\ndf -h');
		expect(found.steps.map((step) => [step.title, commandOf(step)])).toEqual([
			['Find it', 'ID=$(docker ps -q)\n\n# Show it\ndocker inspect "$ID"'],
			['Disk', 'df -h'],
		]);
	});

	it('keep a function with its calls, and what changes the shell with all that follows', () => {
		expect(inBlock('f() { df -h; }\n\nls\n\nf\n\npwd').steps.map(commandOf)).toEqual(['f() { df -h; }\n\nls\n\nf', 'pwd']);
		expect(inBlock('ls\nsource venv/bin/activate\npytest\nls').steps.map(commandOf)).toEqual(['ls', 'source venv/bin/activate\npytest\nls']);
	});

	it('do not cut compound commands and here-documents', () => {
		const loop = 'for each in a b; do\n  # comment\n  ls "$each"\n\n  df -h\ndone';
		const document = "cat > note.md <<'EOF'\n# Title\n\n- [ ] none of ours\nEOF";
		expect(inBlock(`${loop}\n\n${document}\nls`).steps.map(commandOf)).toEqual([loop, document, 'ls']);
	});

	it('take a folder along, to later blocks as well', () => {
		const found = imported(`## Procedure\n\n${fence('cd /srv/shop\nmake build')}\n\nThen:\n\n${fence('cd sub\nls')}`);
		expect(found.steps.map((step) => [commandOf(step), step.kind === 'command' && step.action.kind === 'command' ? step.action.workingDir : ''])).toEqual([
			['cd /srv/shop', undefined],
			['make build', '/srv/shop'],
			['cd sub', '/srv/shop'],
			['ls', '/srv/shop/sub'],
		]);
	});

	it('drop set -e, which is said', () => {
		const found = inBlock('set -euo pipefail\nls');
		expect(found.steps.map(commandOf)).toEqual(['ls']);
		expect(found.steps[0]?.note).toContain('set -euo pipefail');
	});

	it('offer a choice between conditions, and go on behind it', () => {
		const found = inBlock('# If the disk is full: clean up\ndocker image prune -f\n\n# If the memory is full:\n# look first\ndocker restart web\n\n# If it is the cable\n\n# Verify\ndocker ps');
		const [branch, first, second, third, last] = found.steps;
		expect(branch).toMatchObject({
			kind: 'branch',
			choices: [
				{ title: 'If the disk is full: clean up', nextStep: first?.id },
				{ title: 'If the memory is full', nextStep: second?.id },
				{ title: 'If it is the cable', nextStep: third?.id },
				{ title: 'None of these', nextStep: last?.id },
			],
		});
		expect([first?.nextStep, second?.nextStep, third?.nextStep, third?.kind, last?.title]).toEqual([last?.id, last?.id, undefined, 'manual', 'Verify']);
		expect(second?.note).toContain('look first');
	});

	it('offer a choice between headings that are conditions or causes', () => {
		const { playbooks } = imported(`## Rollback\n\n### If the application is broken\n${fence('docker restart web')}\n### If the data is broken\n${fence('docker restart db')}\n\n## P1: Errors\n\n**Common causes:**\n\n**Port taken:**\n${fence('lsof -i :80')}\n**Disk full:**\n${fence('df -h')}`);
		expect(playbooks.map(({ title, steps }) => [title, steps[0]?.kind, steps[0]?.kind === 'branch' ? steps[0].choices.map((choice) => choice.title) : []])).toEqual([
			['Rollback', 'branch', ['If the application is broken', 'If the data is broken', 'None of these']],
			['P1: Errors', 'branch', ['Port taken', 'Disk full', 'None of these']],
		]);
		expect(playbooks[0]?.steps[1]?.isEnd).toBe(true);
	});

	it('make steps by hand of numbered comments without a command', () => {
		const found = inBlock('# 1. Look\ndf -h\n\n# 2. Load test\n# docker restart web\n\n# 3. Tell the team\n# by chat\n\n# a last word');
		expect(found.steps.map(({ title, kind, risk }) => [title, kind, risk])).toEqual([
			['Look', 'command', 'read'],
			['Load test', 'manual', 'change'],
			['Tell the team', 'manual', 'read'],
		]);
		expect(found.text).toContain('by chat');
		expect(found.text).toContain('a last word');
	});

	it('tell of another way, and of grep', () => {
		const found = inBlock('# Restart\ndocker restart web\n\n# Or start it anew\ndocker start web\n\n# Look\ndocker ps | grep web');
		expect(titled(found, 'Or start it anew').note).toContain('Another way');
		expect(titled(found, 'Look').note).toContain('grep ends with 1');
	});

	it('read sessions: what stands behind prompts, and what was printed', () => {
		const found = inBlock('$ docker ps -q \\\n> --all\n0123abc\n$ df -h', 'console');
		expect(found.steps.map(commandOf)).toEqual(['docker ps -q --all', 'df -h']);
		expect(found.steps[0]?.expect).toBe('exitCode == 0 && stdout.contains("0123abc")');
	});

	it.each(['if x; then', 'echo "a', 'a )', 'for x in'])('that no shell can read are done by hand: %s', (script) => {
		const found = inBlock(script);
		expect(found.steps).toHaveLength(1);
		expect(found.steps[0]).toMatchObject({ kind: 'manual', risk: 'destructive', note: expect.stringContaining('No command, because it is no shell script') });
		expect(errorsOf(found)).toEqual([]);
	});
});

describe('what is expected', () => {
	it.each([
		['# Expected: {"status": "ok", "count": 2, "list": [1]}', 'exitCode == 0 && json.status == "ok" && json.count == 2'],
		['# Expected output: all is well here', 'exitCode == 0 && stdout.contains("all is well here")'],
		['# Expected: healthy', 'exitCode == 0 && stdout.contains("healthy")'],
		['# Expected: `two words`', 'exitCode == 0 && stdout.contains("two words")'],
		['# Should print: done', 'exitCode == 0 && stdout.contains("done")'],
		['# Expected: 200 OK', undefined],
		['# Expected: 200', undefined],
		['# Expected: every node is ready', undefined],
		['# Expect trouble', undefined],
	])('%s', (comment, expectation) => {
		const found = inBlock(`docker ps\n${comment}`);
		expect(found.steps[0]?.expect).toBe(expectation);
		expect(found.steps[0]?.note).toContain(comment.replace(/^# (?:Expected(?: output)?: |Should print: )?/, ''));
		expect(errorsOf(found)).toEqual([]);
	});

	it.each([
		[`Expected: \`running\``, 'exitCode == 0 && stdout.contains("running")'],
		[`**Expected output:** \`up and running\``, 'exitCode == 0 && stdout.contains("up and running")'],
		[`Expected output:\n\n${fence('two\nlines', 'text')}`, undefined],
		[`Expected output:\n\n${fence('one line', '')}`, 'exitCode == 0 && stdout.contains("one line")'],
		[`You should see:\n\n${fence('{"ok": true}', 'json')}`, 'exitCode == 0 && json.ok == true'],
	])('below the block: %s', (words, expectation) => {
		const found = imported(`## Procedure\n\n${fence('docker ps')}\n\n${words}`);
		expect(found.steps).toHaveLength(1);
		expect(found.steps[0]?.expect).toBe(expectation);
		expect(found.steps[0]?.note).toContain('Expected: ');
	});
});
