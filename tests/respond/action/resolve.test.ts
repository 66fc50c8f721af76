import { describe, expect, it } from 'vitest';
import type { CommandAction, ContainerAction, HttpAction, PostgresAction, SqliteAction } from '../../../src/domain/playbook/step.ts';
import { previewAction, previewText, resolveAction } from '../../../src/respond/action/resolve.ts';
import type { Scope } from '../../../src/respond/action/scope.ts';

const scope: Scope = {
	params: { container: 'web', note: "it's\nnew", n: 3, folder: '/srv/my app' },
	values: { state: { exitCode: 0, json: { id: 7, tags: ['a'] } } },
	secrets: { 'params.token': 'hunter22' },
};

const command = (over: Partial<CommandAction>): CommandAction => ({ kind: 'command', env: {}, ...over });
const http = (over: Partial<HttpAction>): HttpAction => ({ kind: 'http', method: 'GET', url: 'http://localhost:8000/x', headers: {}, followRedirects: false, ...over });
const container = (over: Partial<ContainerAction>): ContainerAction => ({ kind: 'container', action: 'start', name: '${{params.container}}', ...over });
const shown = (action: Parameters<typeof resolveAction>[0]): string => resolveAction(action, scope).shown;

describe('commands', () => {
	it('are shown as one would type them, each argument one word', () => {
		const resolved = resolveAction(command({ run: ['docker', 'inspect', '-f', '{{json .State}}', '${{params.container}}', '--note=${{params.note}}', ''] }), scope);
		expect(resolved.shown).toBe(String.raw`docker inspect -f '{{json .State}}' web $'--note=it\'s\nnew' ''`);
		expect(resolved.action).toMatchObject({ run: ['docker', 'inspect', '-f', '{{json .State}}', 'web', "--note=it's\nnew", ''] });
		expect(resolved.scriptEnv).toEqual({});
		expect(resolved.target).toBeUndefined();
	});

	it('show their environment and folder, secrets as (secret)', () => {
		const resolved = resolveAction(command({ run: ['psql', '-c', 'select 1'], env: { PGPASSWORD: '${{params.token}}', A: 'b c' }, workingDir: '${{params.folder}}' }), scope);
		expect(resolved.shown).toBe("cd '/srv/my app' && PGPASSWORD=(secret) A='b c' psql -c 'select 1'");
		expect(resolved.action).toMatchObject({ env: { PGPASSWORD: 'hunter22' } });
		expect(resolved.secrets).toContain('hunter22');
	});

	it('show where they run', () => {
		const resolved = resolveAction(command({ run: ['ls', '-l'], inContainer: '${{params.container}}', env: { A: '1' }, workingDir: '/x' }), scope);
		expect(resolved.shown).toBe('docker exec -w /x -e A=1 web ls -l');
		expect(resolved.target).toBe('web');
	});

	it('hand parameters to scripts as variables, and secrets only where they are named', () => {
		const script = 'docker logs "$P_container" | tail -n ${P_n}\n';
		const resolved = resolveAction(command({ sh: script }), scope);
		expect(resolved.shown).toBe('P_container=web P_n=3\ndocker logs "$P_container" | tail -n ${P_n}');
		expect(resolved.scriptEnv).toEqual({ P_container: 'web', P_note: "it's\nnew", P_n: '3', P_folder: '/srv/my app' });
		const withSecret = resolveAction(command({ sh: 'curl -K - <<<"$P_token"' }), scope);
		expect(withSecret.shown).toBe('P_token=(secret)\ncurl -K - <<<"$P_token"');
		expect(withSecret.scriptEnv['P_token']).toBe('hunter22');
		expect(shown(command({ sh: "echo 'x'", inContainer: 'web' }))).toBe(String.raw`docker exec web sh -eu -c 'echo '\''x'\'''`);
	});

	it('refuse templates in scripts, and variables without a value', () => {
		expect(() => resolveAction(command({ sh: 'echo ${{params.n}}' }), scope)).toThrow('$P_name only');
		expect(() => resolveAction(command({ sh: 'echo $P_nope' }), scope)).toThrow('$P_nope has no value');
		expect(() => resolveAction(command({ sh: 'echo $P_x' }), { ...scope, params: { x: 'a\0' } })).toThrow('NUL');
	});

	it('refuse an option from a value, and name the argument', () => {
		expect(() => resolveAction(command({ run: ['rm', '${{params.x}}'] }), { ...scope, params: { x: '-rf' } })).toThrow('run[1]: the value "-rf" begins with a dash');
		expect(() => resolveAction(command({ run: ['${{params.x}}'] }), { ...scope, params: { x: '' } })).toThrow('no program');
	});
});

describe('containers', () => {
	it.each<[Partial<ContainerAction>, string]>([
		[{ action: 'start' }, 'docker start web'],
		[{ action: 'restart' }, 'docker restart -t 10 web'],
		[{ action: 'stop', graceSeconds: 3 }, 'docker stop -t 3 web'],
		[{ action: 'kill' }, 'docker kill -s SIGKILL web'],
		[{ action: 'kill', signal: 'SIGHUP' }, 'docker kill -s SIGHUP web'],
		[{ action: 'logs', sinceSeconds: 60 }, 'docker logs --tail 200 --since 60s web'],
		[{ action: 'inspect' }, 'docker inspect web'],
	])('%j is shown as in the action menu', (over, words) => {
		const resolved = resolveAction(container(over), scope);
		expect(resolved).toMatchObject({ shown: words, target: 'web', action: { name: 'web' } });
	});
});

describe('requests', () => {
	it('are shown as curl', () => {
		const resolved = resolveAction(
			http({ method: 'POST', url: 'http://localhost:8000/${{params.container}}?t=${{params.token}}', headers: { Authorization: 'Bearer ${{params.token}}' }, json: { id: '${{state.id}}', tags: '${{state.tags}}', note: 'of ${{params.container}}', t: '${{params.token}}' }, followRedirects: true }),
			scope,
		);
		expect(resolved.shown).toBe(
			`curl -fsS -L -X POST -H 'Authorization: Bearer (secret)' -H 'Content-Type: application/json' --data-raw '{"id":7,"tags":["a"],"note":"of web","t":"(secret)"}' 'http://localhost:8000/web?t=(secret)'`,
		);
		expect(resolved.target).toBe('localhost:8000');
		expect(resolved.action).toMatchObject({ url: 'http://localhost:8000/web?t=hunter22', headers: { Authorization: 'Bearer hunter22' }, json: { id: 7, tags: ['a'], note: 'of web', t: 'hunter22' } });
		expect(shown(http({}))).toBe('curl -fsS http://localhost:8000/x');
		expect(shown(http({ method: 'HEAD' }))).toBe('curl -fsS -I http://localhost:8000/x');
		expect(shown(http({ method: 'PUT', body: 'a b' }))).toBe("curl -fsS -X PUT --data-raw 'a b' http://localhost:8000/x");
	});

	it('refuse a value that would begin another header', () => {
		expect(() => resolveAction(http({ headers: { 'X-Note': '${{params.note}}' } }), scope)).toThrow('another header');
	});
});

describe('databases', () => {
	const sqlite = (over: Partial<SqliteAction>): SqliteAction => ({ kind: 'database', system: 'sqlite', action: 'backup', path: '/data/app.db', ...over });
	const postgres = (over: Partial<PostgresAction>): PostgresAction => ({ kind: 'database', system: 'postgres', action: 'backup', database: 'shop', ...over });

	it('are shown in words or as their tools', () => {
		expect(resolveAction(sqlite({ file: '${{params.folder}}/b.db' }), scope)).toMatchObject({ shown: "sqlite backup of /data/app.db to '/srv/my app/b.db'", target: '/data/app.db' });
		expect(shown(sqlite({ action: 'restore', file: '/b.db', stopped: ['${{params.container}}'] }))).toBe('sqlite restore of /data/app.db from /b.db, with web stopped');
		expect(shown(sqlite({ action: 'quick-check' }))).toBe('sqlite quick check of /data/app.db');
		const resolved = resolveAction(postgres({ inContainer: 'db', user: 'ops', passwordParam: 'token', file: '/b.dump' }), scope);
		expect(resolved.shown).toBe('docker exec -e PGPASSWORD=(secret) db pg_dump -U ops -Fc -d shop > /b.dump');
		expect(resolved).toMatchObject({ target: 'shop', scriptEnv: { PGPASSWORD: 'hunter22' } });
		expect(shown(postgres({ action: 'query', sql: 'select 1' }))).toBe("psql -d shop -c 'select 1'");
	});

	it('take no values in statements, and no password that is not there', () => {
		expect(() => resolveAction(sqlite({ action: 'query', sql: 'select ${{params.n}}' }), scope)).toThrow('takes no ${{ }}');
		expect(() => resolveAction(postgres({ passwordParam: 'nope' }), scope)).toThrow('has not been given');
	});
});

describe('a dry run', () => {
	it('leaves what is not known yet as it stands', () => {
		expect(previewAction(command({ run: ['kill', '${{ found.pid }}', '${{params.container}}'] }), scope).shown).toBe('kill ${{ found.pid }} web');
		expect(previewAction(http({ url: '${{ found.url }}/x' }), scope)).toEqual({ shown: 'curl -fsS ${{ found.url }}/x', target: '${{ found.url }}/x' });
		expect(resolveAction(container({ name: '${{ found.name }}' }), scope, 'keep').shown).toBe('docker start ${{ found.name }}');
		expect(previewText('loses ${{ found.x }} of ${{params.container}} ${{params.token}}', scope)).toBe('loses ${{ found.x }} of web (secret)');
	});

	it('says what would be refused', () => {
		const preview = previewAction(command({ run: ['rm', '${{params.x}}'] }), { ...scope, params: { x: '-rf' } });
		expect(preview).toMatchObject({ shown: 'rm ${{params.x}}' });
		expect(preview.refused).toMatch(/begins with a dash/);
	});
});
