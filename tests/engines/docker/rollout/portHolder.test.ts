import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/domain/engine.ts';
import { withPortHolder } from '../../../../src/engines/docker/rollout/portHolder.ts';

const taken = new EngineError('engine', 'start ad3854: driver failed programming external connectivity on endpoint api (2c9a): Bind for 127.0.0.1:8000 failed: port is already allocated');
const web = { Id: 'c'.repeat(64), Names: ['/web'], Ports: [{ IP: '127.0.0.1', PrivatePort: 80, PublicPort: 8000, Type: 'tcp' }] };
const idle = { Id: 'd'.repeat(64), Names: ['/idle'], Ports: [] };

describe('a start that failed for its port', () => {
	it('names the container that has it', () => {
		expect(withPortHolder(taken, [idle, web])).toMatchObject({ name: 'EngineError', kind: 'engine', message: 'start ad3854: port 127.0.0.1:8000 is already allocated to the container web', cause: taken });
	});

	it('says what helps where none has it', () => {
		expect(withPortHolder(taken, [idle])).toMatchObject({ message: expect.stringMatching(/^start ad3854: port 127\.0\.0\.1:8000 is already allocated, and no container has it: .+ Only restarting the engine frees it, which stops what runs on it$/) as string });
	});

	it.each([new EngineError('engine', 'start ad3854: no such file'), new Error('Bind for 1.2.3.4:80 failed: port is already allocated'), undefined])('is left as it is for anything else: %s', (error) => {
		expect(withPortHolder(error, [web])).toBe(error);
	});
});
