import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fields, strings, stringMap, type Fields } from '../../../../src/engines/docker/narrow.ts';
import { mergeDefaults, variableName } from '../../../../src/engines/docker/rollout/mergeDefaults.ts';
import { userSet } from '../../../../src/engines/docker/rollout/userSet.ts';
import { anImage, aRequest } from './arbitrary.ts';

const id = 'abcdef0123456789'.repeat(4);

/** A container as the engine tells it, made by a request on an image. */
const container = (request: Fields, image: Fields, host: Fields = {}): Fields => {
	const config = mergeDefaults(request, image);
	return { Id: id, Config: { ...config, Hostname: config['Hostname'] === '' || config['Hostname'] === undefined ? id.slice(0, 12) : config['Hostname'] }, HostConfig: host };
};

/** `Config`; the order of variables says nothing. */
const inOrder = (made: Fields): Fields => ({ ...fields(made['Config']), Env: [...strings(fields(made['Config'])['Env'])].sort() });

/** Variables that were asked for and are not by chance the default. */
const own = (request: Fields, image: Fields) => strings(request['Env']).filter((entry) => !strings(image['Env']).includes(entry));

describe('what was set on a container', () => {
	it('makes the same container again on the same image', () => {
		fc.assert(
			fc.property(aRequest, anImage, (request, image) => {
				const made = container(request, image);
				expect(inOrder(container(userSet(made, image), image))).toEqual(inOrder(made));
			}),
		);
	});

	it('stays on another image, and nothing of the old image does', () => {
		fc.assert(
			fc.property(aRequest, anImage, anImage, (request, from, to) => {
				const after = fields(container(userSet(container(request, from), from), to)['Config']);
				const env = strings(after['Env']);
				expect(env).toEqual(expect.arrayContaining(own(request, from)));
				const asked = new Set(strings(request['Env']).map(variableName));
				expect(env.filter((entry) => !asked.has(variableName(entry)))).toEqual(strings(to['Env']).filter((entry) => !asked.has(variableName(entry))));
				const labels = stringMap(request['Labels']);
				expect(Object.fromEntries(Object.entries(stringMap(after['Labels'])).filter(([key]) => !(key in labels)))).toEqual(Object.fromEntries(Object.entries(stringMap(to['Labels'])).filter(([key]) => !(key in labels))));
				expect(after['Tty']).toBe(request['Tty']);
				expect(after['StopTimeout']).toBe(request['StopTimeout']);
				for (const field of ['User', 'WorkingDir', 'StopSignal'] as const) {
					expect(after[field]).toBe(request[field] !== '' && request[field] !== from[field] ? request[field] : to[field]);
				}
				for (const field of ['ExposedPorts', 'Volumes'] as const) {
					const wanted = new Set([...Object.keys(request[field]).filter((key) => !(key in from[field])), ...Object.keys(to[field])]);
					expect(new Set(Object.keys(fields(after[field])))).toEqual(wanted);
				}
			}),
		);
	});

	it.each([
		{ what: 'neither', request: {}, set: {} },
		{ what: 'a command', request: { Cmd: ['serve'] }, set: { Cmd: ['serve'] } },
		{ what: 'an entry point', request: { Entrypoint: ['/own'] }, set: { Entrypoint: ['/own'], Cmd: [] } },
		{ what: 'the image\'s own entry point, which takes its command away', request: { Entrypoint: ['/entry'] }, set: { Entrypoint: ['/entry'], Cmd: [] } },
		{ what: 'both', request: { Entrypoint: ['/own'], Cmd: ['x'] }, set: { Entrypoint: ['/own'], Cmd: ['x'] } },
		{ what: 'no entry point', request: { Entrypoint: [''], Cmd: ['x'] }, set: { Entrypoint: [''], Cmd: ['x'] } },
		{ what: 'an entry point taken away, the command left', request: { Entrypoint: [] }, set: { Entrypoint: [] } },
	])('tells which of entry point and command were given: $what', ({ request, set }) => {
		const image = { Entrypoint: ['/entry'], Cmd: ['default'] };
		const { Entrypoint, Cmd } = userSet(container(request, image), image);
		expect({ ...(Entrypoint === undefined ? {} : { Entrypoint }), ...(Cmd === undefined ? {} : { Cmd }) }).toEqual(set);
	});

	it('takes only the parts of a health check that were set', () => {
		const image = { Healthcheck: { Test: ['CMD', 'x'], Interval: 5e9, Timeout: 1e9 } };
		expect(userSet(container({}, image), image)['Healthcheck']).toBeUndefined();
		expect(userSet(container({ Healthcheck: { Interval: 7e9 } }, image), image)['Healthcheck']).toEqual({ Interval: 7e9 });
		expect(userSet(container({ Healthcheck: { Test: ['NONE'] } }, image), image)['Healthcheck']).toEqual({ Test: ['NONE'] });
	});

	it('exposes what is published, as only that is published', () => {
		const image = { ExposedPorts: { '80/tcp': {}, '81/tcp': {} } };
		expect(userSet(container({ ExposedPorts: { '82/tcp': {} } }, image, { PortBindings: { '80/tcp': [] } }), image)['ExposedPorts']).toEqual({ '80/tcp': {}, '82/tcp': {} });
	});

	it('has no names of its own where another\'s network or the host\'s are used', () => {
		const named = { Hostname: 'own', Domainname: 'example', ExposedPorts: { '1/tcp': {} } };
		expect(userSet(container(named, {}, { NetworkMode: 'bridge' }), {})).toMatchObject({ Hostname: 'own', Domainname: 'example' });
		expect(userSet(container(named, {}, { NetworkMode: 'container:x' }), {})).toMatchObject({ ExposedPorts: {} });
		expect(userSet(container(named, {}, { NetworkMode: 'container:x' }), {})['Hostname']).toBeUndefined();
		expect(userSet(container(named, {}, { UTSMode: 'host' }), {})['Hostname']).toBeUndefined();
	});
});
