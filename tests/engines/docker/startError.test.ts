import { describe, expect, it } from 'vitest';
import { startErrorWords } from '../../../src/engines/docker/startError.ts';

describe('startErrorWords', () => {
	it.each([
		[
			'driver failed programming external connectivity on endpoint web (8d79): Error starting userland proxy: listen tcp4 127.0.0.1:8001: bind: address already in use',
			'port 127.0.0.1:8001 is taken by another process (',
		],
		['driver failed programming external connectivity on endpoint web (8d79): Bind for 0.0.0.0:80 failed: port is already allocated', 'port 0.0.0.0:80 is taken by another container ('],
		['OCI runtime create failed: exec: "/app/run": stat /app/run: no such file or directory: unknown', '/app/run is not in the image ('],
		['something nobody knows', 'something nobody knows'],
	])('%s', (error, words) => {
		expect(startErrorWords(error)).toContain(words);
		expect(startErrorWords(error)).toContain(error);
	});
});
