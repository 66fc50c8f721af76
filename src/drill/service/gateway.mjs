import { createServer, request } from 'node:http';
import { endOnRequest } from './log.mjs';

// Passes every request on to the service and writes a plain access line, as web servers do.
const upstream = { host: process.env['UPSTREAM'] ?? 'api', port: 8000 };

function access(message, from, status, bytes, ms) {
	const at = new Date().toISOString();
	process.stdout.write(`${from ?? '-'} - - [${at}] "${message.method} ${message.url} HTTP/1.1" ${status} ${bytes} ${(ms / 1000).toFixed(3)}\n`);
}

const server = createServer((message, response) => {
	const started = performance.now();
	const from = message.socket.remoteAddress;
	const passed = request({ ...upstream, method: message.method, path: message.url, headers: message.headers, timeout: 10_000 }, (answer) => {
		let bytes = 0;
		response.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.on('data', (chunk) => (bytes += chunk.length));
		answer.pipe(response);
		answer.on('end', () => access(message, from, answer.statusCode, bytes, performance.now() - started));
	});
	passed.on('timeout', () => passed.destroy(new Error('upstream timed out')));
	passed.on('error', (error) => {
		process.stderr.write(`${new Date().toISOString()} [error] upstream ${upstream.host}:${upstream.port}: ${error.message}\n`);
		if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
		response.end('bad gateway\n');
		access(message, from, 502, 12, performance.now() - started);
	});
	message.pipe(passed);
});
server.listen(8080, () => process.stdout.write(`${new Date().toISOString()} [notice] gateway listens on 8080, upstream ${upstream.host}:${upstream.port}\n`));
endOnRequest(() => server.close());
