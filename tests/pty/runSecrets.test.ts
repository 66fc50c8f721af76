import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Containers, testEngineAddress } from '../support/engine.ts';
import { makeRunHome, startCommand } from '../support/runHome.ts';
import { keys } from '../support/terminal.ts';
import { confirmChange, openForm } from './playbooks.ts';
import { launcher, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `s${process.pid}`;
const secret = 'Zebra-7419-"quoted"-swordfish';

beforeAll(async () => {
	await containers.run('sleep 3600', { name });
});

afterAll(async () => {
	await containers.removeAll();
});

const filesIn = (folder: string): readonly string[] =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((each) => join(folder, each))
		.filter((path) => statSync(path).isFile());

/** Forms in which the value could stand in a file. */
const forms = [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];

const holds = (bytes: Buffer): boolean => forms.some((form) => bytes.includes(form));

/** Every argument of every process. */
const processList = (): Buffer =>
	Buffer.concat(
		readdirSync('/proc')
			.filter((each) => /^\d+$/.test(each))
			.map((pid) => {
				try {
					return readFileSync(`/proc/${pid}/cmdline`);
				} catch {
					return Buffer.alloc(0);
				}
			}),
	);

it('a secret is in no byte of the journal, the step files, the export, the screen and the process list', async () => {
	const seen: (string | undefined)[] = [];
	const server = createServer((request, response) => {
		seen.push(request.headers.authorization);
		response.end(JSON.stringify({ ok: true, yours: request.headers.authorization }));
	});
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	const bound = server.address();
	const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
	await using home = await makeRunHome({
		secret: `params:
  token: {type: secret, title: Token}
steps:
- {id: call, title: Call it, risk: read, http: {url: 'http://127.0.0.1:${port}/', headers: {Authorization: 'Bearer \${{params.token}}'}}, register: answer}
- id: use
  title: Use it
  risk: change
  sh: |
    printf '%s' "$P_token" | wc -c > FOLDER/length
    for i in 1 2 3 4 5 6; do echo "the token is $P_token"; sleep 0.3; done
    # Cut in two by a pause: what is written is put together again before it is looked at.
    printf '%s' "$P_token" | head -c 9; sleep 0.4; printf '%s' "$P_token" | tail -c +10; echo
    printf '%s' "$P_token" | base64 >&2
    exit 3
`,
	});
	let listed = false;
	const sampler = setInterval(() => {
		listed ||= holds(processList());
	}, 50);
	try {
		await using terminal = await openOn(address, name, { home });
		await openForm(terminal, 'secret');
		terminal.type(secret);
		await terminal.waitFor('*'.repeat(secret.length));
		terminal.type(keys.enter);
		await terminal.waitFor('> Start <');
		terminal.type(keys.enter);
		await confirmChange(terminal, 'Use it');
		await terminal.waitFor(/the token is \(secret\)/);
		await terminal.waitFor(/failed: exit 3/);
		terminal.type(keys.enter);
		await terminal.waitFor('Failed: Use it');
		terminal.type(keys.escape);
		const exported = await startCommand(launcher, ['journal', 'export'], { ...home.env, DOCKER_HOST: address }, home.dir).ended;
		expect(exported.stdout).toContain('step_ended');
		expect(holds(Buffer.from(exported.stdout))).toBe(false);
		expect(holds(Buffer.concat(terminal.chunks.map(({ bytes }) => bytes)))).toBe(false);
		terminal.type(keys.ctrl('c'));
		await terminal.waitForExit();
	} finally {
		clearInterval(sampler);
		await new Promise((resolve) => server.close(resolve));
	}
	// It did reach the step and the server.
	expect(seen).toEqual([`Bearer ${secret}`]);
	expect(home.lines('length').map(Number)).toEqual([secret.length]);
	expect(listed).toBe(false);
	const files = filesIn(home.state);
	expect(files.length).toBeGreaterThan(4);
	expect(files.filter((path) => holds(readFileSync(path)))).toEqual([]);
	// And neither in the rest of its home: caches, settings.
	expect(filesIn(home.dir).filter((path) => holds(readFileSync(path)))).toEqual([]);
});
