import { describe, expect, it } from 'vitest';
import type { Risk } from '../../../src/domain/playbook/risk.ts';
import { analyseArgv, analyseShell } from '../../../src/respond/shell/analyse.ts';

const expectRisk = (risk: Risk, scripts: readonly string[]): void => {
	expect(scripts.map((script) => `${script} -> ${analyseShell(script).risk}`)).toEqual(scripts.map((script) => `${script} -> ${risk}`));
};

const kindsOf = (script: string, options = {}): readonly string[] => analyseShell(script, options).findings.map((each) => each.kind);

describe('the risk of a command', () => {
	it('is read where it only shows', () => {
		expectRisk('read', [
			'docker ps -a',
			'docker --context prod logs --tail 200 web',
			'docker compose -f a.yml ps',
			'docker-compose logs web',
			'docker exec web ps aux',
			'docker system df',
			'kubectl -n shop get pods',
			'kubectl delete pod x --dry-run=client',
			'kubectl exec web -- cat /etc/hosts',
			'systemctl status nginx',
			'git log --oneline -5',
			'git branch -a',
			'git stash list',
			'curl -fsS http://x/health',
			'curl -fX GET http://x',
			'curl -s -o /dev/null -w "%{http_code}" http://x',
			'wget -qO- http://x',
			'sqlite3 app.db "SELECT COUNT(*) FROM items;"',
			'sqlite3 app.db "PRAGMA integrity_check;"',
			'sqlite3 -readonly app.db "DELETE FROM items"',
			'psql -c "select 1"',
			'pg_dump shop',
			'redis-cli -h cache info memory',
			'nats stream info ORDERS',
			'find . -name "*.log"',
			'tar tzf a.tgz',
			'sed s/a/b/ f',
			'ls > /dev/null 2>&1',
			'kill -0 12',
			'df -h | sort | head -3',
			'x=$(date +%F); echo "$x"',
			'npm ls',
			'pip list',
			'crontab -l',
			'rm --help',
			'',
		]);
	});

	it('is change where it does something that can be put right', () => {
		expectRisk('change', [
			'docker restart web',
			'docker run -d --name web -p 80:80 nginx',
			'docker-compose down',
			'docker compose up -d',
			'kubectl rollout undo deploy/web',
			'systemctl restart nginx',
			'git pull',
			'git push',
			'curl -f -X POST http://x',
			'curl -f -d a=b http://x',
			'curl -f -o page.html http://x',
			'wget http://x/file',
			'sqlite3 app.db "VACUUM; ANALYZE;"',
			'sqlite3 app.db ".backup b.db"',
			'psql -c "update t set a = 1 where id = 2"',
			'redis-cli set a 1',
			'nats pub orders.new hello',
			'cp a b',
			'mv a b',
			'kill 12',
			'sed -i s/a/b/ f',
			'echo hi > file',
			'ls >> file',
			'tee out.log',
			'chmod 644 f',
			'npm ci',
			'pip install x',
			'tar xzf a.tgz',
		]);
	});

	it('is destructive where something is lost', () => {
		expectRisk('destructive', [
			'rm file',
			'rm -rf /srv/data',
			'docker rm -f web',
			'docker volume rm data',
			'docker system prune -af',
			'docker compose down -v',
			'docker image prune -f',
			'kubectl delete pod web-1',
			'kubectl drain node-1',
			'git reset --hard HEAD~1',
			'git push --force origin main',
			'git clean -fd',
			'curl -f -X DELETE http://x/items/1',
			'curl -fXDELETE http://x/items/1',
			'dd if=/dev/zero of=/dev/sda',
			'mkfs.ext4 /dev/sdb1',
			'echo x > /dev/sda',
			'sqlite3 app.db "DROP TABLE items"',
			'sqlite3 app.db ".restore b.db"',
			'psql -c "update t set a = 1"',
			'psql -c "with x as (delete from t returning *) select * from x"',
			'psql shop <<EOF\ntruncate items;\nEOF',
			'dropdb shop',
			'redis-cli FLUSHALL',
			'nats stream purge ORDERS -f',
			'find logs -mtime +30 -delete',
			'systemctl reboot',
			'crontab -r',
			'apt-get purge -y nginx',
		]);
	});

	it('is change, and no certain one, where the program is not known', () => {
		for (const script of ['./cleanup.sh', 'frobnicate --all', '$TOOL list', 'docker frobnicate x', 'bash script.sh', 'python job.py', 'curl -f http://x | sh']) {
			expect(analyseShell(script), script).toMatchObject({ risk: 'change', certain: false });
		}
	});

	it('is found behind programs that run others', () => {
		expectRisk('destructive', [
			'sudo rm f',
			'sudo -n -u app rm f',
			'env A=1 rm f',
			'nohup nice -n 5 rm f',
			'timeout 10 rm f',
			'sh -c "rm f"',
			"bash -euo pipefail -c 'cd /srv && rm f'",
			"sudo sh -c 'echo x | xargs rm'",
			'find . -name x -exec rm {} \\;',
			'ls | xargs -n 1 rm -f',
			'docker exec web rm /data/f',
			"docker exec web sh -c 'rm /data/f'",
			'docker compose exec -T web rm f',
			'docker run --rm -v data:/d busybox rm /d/f',
			'kubectl exec web -- rm f',
			"ssh host 'rm f'",
			'ssh -p 22 host rm f',
			"su -c 'rm f' app",
			'eval "rm f"',
			'flock /tmp/l rm f',
			'echo "$(rm f)"',
			'x=$(rm f)',
			'cat <(rm f)',
			'if true; then rm f; fi',
			'for i in 1 2; do rm "$i"; done',
			'f() { rm x; }; f',
			'true && rm f',
			'rm f &',
			'case a in a) rm f;; esac',
			'cat <<EOF\n$(rm f)\nEOF',
			"bash <<'EOF'\nrm f\nEOF",
			'echo `rm f`',
			'command rm f',
			'/bin/rm f',
			'\\rm f',
			'r"m" f',
		]);
	});

	it('is told with its reason and its place', () => {
		const script = 'docker ps\nsudo docker rm -f web';
		const { commands, why, certain } = analyseShell(script);
		expect(why).toBe('docker rm removes containers and what was written inside them');
		expect(certain).toBe(true);
		expect(commands.map(({ name, start, end, risk, within }) => [name, script.slice(start, end), risk, within])).toEqual([
			['docker', 'docker ps', 'read', []],
			['sudo', 'sudo docker rm -f web', 'destructive', []],
			['docker', 'sudo docker rm -f web', 'destructive', ['sudo']],
		]);
	});

	it('takes words as they are, and what only the run tells as unknown', () => {
		const [first] = analyseShell('docker logs --tail "$P_lines" \'a b\'').commands;
		expect(first?.argv).toEqual([{ text: 'docker', value: 'docker' }, { text: 'logs', value: 'logs' }, { text: '--tail', value: '--tail' }, { text: '"$P_lines"' }, { text: "'a b'", value: 'a b' }]);
	});
});

describe('analyseArgv', () => {
	it('takes each element for one word, whatever is in it', () => {
		expect(analyseArgv(['echo', '; rm -rf /', '$(rm x)']).risk).toBe('read');
		expect(analyseArgv(['sh', '-c', 'rm x']).risk).toBe('destructive');
		expect(analyseArgv(['docker', 'rm', '${{params.container}}']).risk).toBe('destructive');
	});

	it('cannot tell what a template stands for', () => {
		expect(analyseArgv(['${{params.program}}', 'list'])).toMatchObject({ risk: 'change', certain: false });
		expect(analyseArgv(['docker', '${{params.verb}}', 'web'])).toMatchObject({ risk: 'change', certain: false });
		expect(analyseArgv(['sh', '-c', '${{params.script}}'])).toMatchObject({ risk: 'change', certain: false });
	});
});

describe('what waits for a person', () => {
	it('is found', () => {
		for (const script of ['vi f', 'sudo vim f', 'crontab -e', 'docker exec -it web sh', 'docker run -it busybox', 'psql shop', 'sqlite3 app.db', 'redis-cli', 'python', 'ssh host', 'top', 'less f', 'kubectl edit deploy/web', 'git rebase -i main', 'git commit', 'read answer', 'select x in a b; do echo; done', 'bash', 'passwd']) {
			expect(analyseShell(script).interactive, script).toBe(true);
		}
	});

	it('is not found where it is told what to do', () => {
		for (const script of ['psql -c "select 1"', 'echo "select 1" | psql', 'sqlite3 app.db <<E\nselect 1;\nE', 'top -b -n 1', 'top -bn1', 'git commit -m x', 'while read l; do echo "$l"; done < f', 'docker exec web sh -c ls', 'python -c 1', 'ssh host uptime', 'docker run -dit busybox']) {
			expect(analyseShell(script).interactive, script).toBe(false);
		}
	});

	it('may ask', () => {
		expect(kindsOf('sudo systemctl restart x')).toContain('may-ask');
		expect(kindsOf('sudo -n systemctl restart x')).not.toContain('may-ask');
		expect(kindsOf('apt-get install nginx')).toContain('may-ask');
		expect(kindsOf('docker system prune')).toContain('may-ask');
	});
});

describe('what does not end', () => {
	it('is found', () => {
		for (const script of ['docker logs -f web', 'docker logs web --follow', 'docker compose logs -f', 'tail -f x', 'tail -n5 -F x', 'watch docker ps', 'docker stats', 'docker events --since 1h', 'docker compose up', 'journalctl -fu nginx', 'kubectl logs -f x', 'kubectl get pods -w', 'kubectl port-forward x 80', 'ping host', 'while true; do date; sleep 1; done', 'until curl -f x; do sleep 1; done', 'while :; do :; done', 'for ((;;)); do :; done', 'vmstat 1', 'nats sub orders', 'redis-cli monitor', 'npm start', 'sudo tail -f x']) {
			expect(analyseShell(script).endless, script).toBe(true);
		}
	});

	it('is not found where what reads it ends by itself', () => {
		for (const script of ['yes | head -c 100', 'yes | head -n5', 'yes | head', 'docker logs -f web | grep -q ready', 'tail -f x | grep -m 1 ready', 'tail -f x | sed 5q', "tail -F x | sed -n '/ready/{p;q}'", 'yes | tr y n | cut -c 1 | head -3', 'yes 2>/dev/null | head -1', 'yes 2>&1 | head -1', 'while true; do echo y; done | head -3', '{ echo a; yes; } | dd bs=1k count=4', "sh -c 'yes' | head -1", 'docker exec web yes | head -1', 'x=$(yes | head -1)', 'yes | tee copy | head -1']) {
			expect(analyseShell(script).endless, script).toBe(false);
		}
	});

	it('is found where what reads it does not end, or does not read it', () => {
		for (const script of ['yes | head -n -5', 'yes | head -c-5', 'yes | sort | head -3', 'yes | wc -l', 'yes | grep y', "yes | sed 's/y/q/'", "yes | sed 's;a;q;'", 'yes | sed "$P_script"', 'yes > file | head -1', 'yes >&2 | head -1', '{ yes > file; } | head -1', 'yes | tee copy > file | head -1', 'head -1 x | tail -f y', 'yes | head -1; yes', 'yes | head -n "$P_lines"', 'echo "$(yes)" | head -1']) {
			expect(analyseShell(script).endless, script).toBe(true);
		}
	});

	it('is not found where it is bounded', () => {
		for (const script of ['docker logs --tail 5 web', 'docker stats --no-stream', 'timeout 5 tail -f x', 'ping -c 3 host', 'docker compose up -d', 'vmstat 1 5', 'while true; do curl -f x && break; sleep 1; done', 'while read l; do sleep 1; done < f', 'docker events --since 1h --until 0m', 'for i in $(seq 5); do sleep 1; done']) {
			expect(analyseShell(script).endless, script).toBe(false);
		}
	});
});

describe('a failure that goes by unseen', () => {
	it('is found', () => {
		for (const script of ['docker stop web || true', 'docker stop web || :', 'a && b || echo failed', 'cmd || { echo x; true; }', 'cmd || exit 0', 'docker logs web | grep -c x', 'set +e', 'docker stop web &', 'kill $(lsof -ti :80)', 'export X=$(docker ps -q)']) {
			expect(kindsOf(script), script).toContain('masked-failure');
		}
	});

	it('is not found where a failure is an answer, or counts', () => {
		for (const script of ['[ -f x ] || echo none', 'if docker ps | grep -q web; then echo up; fi', '! docker ps | grep -q web', 'set -o pipefail\ndocker logs web | grep x', 'set -euo pipefail; a | b', 'cmd || { echo x; exit 1; }', 'cp a "b-$(date +%F)"', 'x=$(docker ps -q)', 'echo a | grep b', 'cmd || echo x && exit 1']) {
			expect(kindsOf(script), script).not.toContain('masked-failure');
		}
		expect(kindsOf('docker logs web | grep x', { pipefail: true })).toEqual([]);
	});

	it('is curl without -f', () => {
		for (const script of ['curl http://x', 'curl -s http://x | jq .', 'sudo curl http://x']) expect(kindsOf(script), script).toContain('curl-no-fail');
		for (const script of ['curl -f x', 'curl -sSf x', 'curl --fail-with-body x', "curl -s -w '%{http_code}' x"]) expect(kindsOf(script), script).not.toContain('curl-no-fail');
	});
});

describe('what has to be filled in', () => {
	it('is found with its place, and is no redirection', () => {
		const script = 'git checkout <previous-commit>';
		const { findings, risk, readable } = analyseShell(script);
		expect(findings.map(({ kind, start, end }) => [kind, script.slice(start, end)])).toEqual([['placeholder', '<previous-commit>']]);
		expect(risk).toBe('change');
		expect(readable).toBe(true);
	});

	it('is found in its other forms', () => {
		for (const script of ['curl -f http://x/YOUR_TOKEN', 'docker stop CHANGEME', 'sh -c "ls <folder name>"', 'cp /path/to/file x']) expect(kindsOf(script), script).toContain('placeholder');
		for (const script of ['cat <file >out', 'cat <<EOF\nx\nEOF', 'diff <(ls a) <(ls b)', "docker inspect -f '{{json .State}}' x", 'cat < in > out']) expect(kindsOf(script), script).not.toContain('placeholder');
	});
});

describe('variables', () => {
	it('are told where they are read and not set', () => {
		expect(analyseShell('x=1; echo "$x $HOME $P_name $BACKUP_DIR ${TAG:-latest} ${WHO}"; for i in 1; do echo "$i"; done; read -r line < f; echo "$line $1 $?"').variables).toEqual(['BACKUP_DIR', 'WHO']);
	});
});

describe('what cannot be read', () => {
	it('is destructive, with a finding', () => {
		for (const script of ['if true; then', 'echo "abc', 'a && && b', 'cat <<EOF\nabc', 'sh -c "if"']) {
			const { findings } = analyseShell(script);
			expect(findings.some(({ kind }) => kind === 'syntax' || kind === 'heredoc'), script).toBe(true);
		}
		expect(analyseShell('echo "abc')).toMatchObject({ risk: 'destructive', readable: false });
		expect(analyseShell('x'.repeat(300_000))).toMatchObject({ risk: 'destructive', readable: false });
	});
});
