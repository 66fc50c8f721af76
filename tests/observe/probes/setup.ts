import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { probeSchema } from '../../../src/config/probeSchema.ts';
import type { ProbeConfigOf, ProbeKind } from '../../../src/config/probeSchema.ts';
import { intervalOf, timeoutOf } from '../../../src/config/services.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import type { ProbeIdentity, ProbePorts } from '../../../src/observe/probes/ports.ts';

export const ports: ProbePorts = { clock: systemClock, environment: { PATH: process.env['PATH'] } };

/** A signal that nobody aborts. */
export const calm = (): AbortSignal => new AbortController().signal;

/** Settings as they come out of a file. */
export const settings = <K extends ProbeKind>(kind: K, fields: Record<string, unknown>): [ProbeConfigOf<K>, ProbeIdentity] => {
	const parsed = probeSchema.parse({ kind, name: 'it', ...fields });
	if (parsed.kind !== kind) throw new Error('another kind');
	// The kind was compared just above; the compiler does not follow it into the type parameter.
	// oxlint-disable-next-line typescript/no-unsafe-type-assertion
	return [parsed as ProbeConfigOf<K>, { serviceId: 'web', intervalMs: intervalOf(parsed), timeoutMs: timeoutOf(parsed) }];
};

export interface TestServer {
	readonly url: string;
	readonly port: number;
	readonly server: Server;
	close(): Promise<void>;
}

/** A server on a free port of this machine. */
export const serve = async (listener: RequestListener): Promise<TestServer> => {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
	return {
		url: `http://127.0.0.1:${port}`,
		port,
		server,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
};
