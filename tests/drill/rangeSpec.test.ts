import { describe, expect, it } from 'vitest';
import { checkRangeName, containerName, defaultRange, parts, rangeLabel, specLabel } from '../../src/drill/rangeNames.ts';
import { containerSpec } from '../../src/drill/rangeSpec.ts';

describe('the containers of a range', () => {
	it('publish on this machine only, and only the service does', () => {
		const bindings = parts.map((part) => containerSpec('r', part, 8007).HostConfig?.PortBindings);
		expect(bindings).toEqual([{ '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '8007' }] }, undefined, undefined, undefined]);
	});

	it.each(parts)('%s is labelled, grouped and limited', (part) => {
		const spec = containerSpec('r', part, 8000);
		expect(spec.Labels).toMatchObject({ [rangeLabel]: 'r', 'com.docker.compose.project': 'r' });
		expect(spec.HostConfig?.Memory).toBeGreaterThan(0);
		expect(spec.HostConfig?.MemorySwap).toBe(spec.HostConfig?.Memory);
	});

	it('have the same mark for the same making, and another for another', () => {
		const mark = (port: number, version?: string) => containerSpec('r', 'api', port, version).Labels?.[specLabel];
		expect(mark(8000)).toBe(mark(8000));
		expect(mark(8001)).not.toBe(mark(8000));
		expect(mark(8000, '1.1.0')).not.toBe(mark(8000));
	});

	it('have the runbook’s name in the default range only', () => {
		expect(containerName(defaultRange, 'api')).toBe('cloud-native-poc');
		expect(containerName('two', 'api')).toBe('two-cloud-native-poc');
	});

	it.each(['', 'Über', 'a b', '-x', '../x', 'x'.repeat(60)])('refuse the name "%s"', (name) => {
		expect(() => checkRangeName(name)).toThrow('cannot be a range');
	});
});
