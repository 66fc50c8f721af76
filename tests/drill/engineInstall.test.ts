import { describe, expect, it } from 'vitest';
import { engineReadiness, type Machine } from '../../src/drill/engineInstall.ts';

const machine = (programs: readonly string[], rest: Partial<Machine> = {}): Machine => ({
	platform: 'linux',
	uid: 0,
	has: async (program) => programs.includes(program),
	...rest,
});
const all = ['dockerd', 'containerd', 'runc', 'iptables'];

describe('engineReadiness', () => {
	it('is ready where every program is there', async () => {
		expect(await engineReadiness(machine(all))).toEqual({ kind: 'ready' });
	});

	it('can be made ready on Debian', async () => {
		expect(await engineReadiness(machine(['apt-get', 'runc']))).toEqual({ kind: 'installable' });
	});

	it.each([
		['macOS', machine(all, { platform: 'darwin' }), 'needs Linux'],
		['a user', machine(all, { uid: 1000 }), 'needs root'],
		['another Linux', machine(['runc']), 'missing: dockerd, containerd, iptables'],
	])('is impossible for %s, with advice', async (_, on, why) => {
		const readiness = await engineReadiness(on);
		expect(readiness.kind).toBe('impossible');
		expect(readiness).toMatchObject({ why: expect.stringContaining(why) as unknown, advice: expect.stringContaining('DOCKER_HOST') as unknown });
	});
});
