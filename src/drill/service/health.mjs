import { get } from 'node:http';

// The container's own health check: the answer of /health, in words and as an exit code.
get({ host: '127.0.0.1', port: 8000, path: '/health' }, (response) => {
	let body = '';
	response.setEncoding('utf8').on('data', (chunk) => (body += chunk));
	response.on('end', () => {
		process.stdout.write(`${response.statusCode} ${body}\n`);
		process.exitCode = response.statusCode === 200 ? 0 : 1;
	});
}).on('error', (error) => {
	process.stdout.write(`no connection to /health: ${error.message}\n`);
	process.exitCode = 1;
});
