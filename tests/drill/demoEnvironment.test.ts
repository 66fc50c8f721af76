import { describe, expect, it } from 'vitest';
import { demoEnvironment } from '../../src/drill/demoEnvironment.ts';

const host = 'unix:///var/lib/demo/engine/docker.sock';

describe('the record of the demo', () => {
	it('stays with an engine of its own, and goes with it', () => {
		expect(demoEnvironment({}, { host, privateEngine: true }, '/var/lib/demo')).toEqual({ DOCKER_HOST: host, SITREP_STATE_DIR: '/var/lib/demo/state' });
	});

	it('is the usual one on an engine of somebody else, and wherever a folder was named', () => {
		expect(demoEnvironment({}, { host, privateEngine: false }, '/var/lib/demo')).toEqual({ DOCKER_HOST: host });
		expect(demoEnvironment({ SITREP_STATE_DIR: '/srv/record' }, { host, privateEngine: true }, '/var/lib/demo')).toEqual({ DOCKER_HOST: host });
	});
});
