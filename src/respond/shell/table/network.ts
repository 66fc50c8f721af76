import { apart, hasOption, plainWords, valueOf, valuesOf } from '../options.ts';
import type { CommandRule } from '../rule.ts';
import { changes, each, judged, reads } from '../rule.ts';
import type { ShellWord } from '../types.ts';
import type { Context, Verdict } from '../verdict.ts';
import { both, change, destructive, read, unknown } from '../verdict.ts';
import { writeTo } from './files.ts';

const dataOptions = ['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--data-urlencode', '--json', '-F', '--form', '--form-string', '-T', '--upload-file'];

/** By the method: GET and HEAD read, DELETE destroys, the others change. */
const byMethod = (method: string, name: string): Verdict => {
	if (/^(?:GET|HEAD|OPTIONS|TRACE)$/i.test(method)) return read(`${name} only asks`);
	return /^DELETE$/i.test(method) ? destructive(`${name} sends a DELETE`) : change(`${name} sends a ${method.toUpperCase()}`);
};

const curl = (given: readonly ShellWord[]): Verdict => {
	const words = apart(given, 'XdFTouHAbceCDEKmQrtUwxyYzP');
	const sends = hasOption(words, dataOptions) && !hasOption(words, ['-G', '--get']);
	const asked = valueOf(words, ['-X', '--request']);
	const method = asked === undefined ? (sends ? 'POST' : 'GET') : asked.value;
	let verdict = method === undefined ? unknown(`which method curl sends only the run tells`) : byMethod(method, 'curl');
	for (const target of valuesOf(words, ['-o', '--output', '-D', '--dump-header', '-c', '--cookie-jar'])) if (target.value !== '-') verdict = both(writeTo(target, 'curl -o'), verdict);
	if (hasOption(words, ['-O', '--remote-name', '--remote-name-all', '-J'])) verdict = both(change('curl -O writes a file'), verdict);
	if (hasOption(words, ['-K', '--config', '-Q', '--quote'])) verdict = both(unknown('what curl is told by a file only the run tells'), verdict);
	const shown = valueOf(words, ['-w', '--write-out'])?.value ?? '';
	const fails = hasOption(words, ['-f', '--fail', '--fail-with-body', '--fail-early']) || /%\{(?:http|response)_code\}/.test(shown);
	return fails ? verdict : { ...verdict, noFail: true };
};

const wget = (words: readonly ShellWord[]): Verdict => {
	const method = valueOf(words, ['--method'])?.value ?? (hasOption(words, ['--post-data', '--post-file']) ? 'POST' : 'GET');
	const verdict = byMethod(method, 'wget');
	if (hasOption(words, ['--spider'])) return verdict;
	const target = valueOf(words, ['-O', '--output-document']) ?? words.find(({ value }) => value !== undefined && /^-[a-zA-Z]*O-$/.test(value));
	if (target === undefined) return both(change('wget writes a file'), verdict);
	return target.value?.endsWith('-') === true ? verdict : both(writeTo(target, 'wget -O'), verdict);
};

const ssh = (words: readonly ShellWord[], context: Context): Verdict => {
	const plain = plainWords(words, { valued: ['-b', '-c', '-D', '-E', '-e', '-F', '-I', '-i', '-J', '-L', '-l', '-m', '-O', '-o', '-p', '-Q', '-R', '-S', '-W', '-w'] });
	const host = plain[0];
	if (host === undefined) return read('ssh without a host only shows');
	const rest = words.slice(host.index + 1);
	if (rest.length === 0) {
		if (hasOption(words, ['-N'])) return { ...change('ssh opens a tunnel'), endless: 'ssh -N does not end by itself' };
		if (context.input.kind === 'text') return context.script(context.input.text, 'ssh');
		const verdict = unknown('what is typed into ssh only the run tells');
		return context.input.kind === 'none' ? { ...verdict, interactive: 'ssh without a command opens a shell' } : verdict;
	}
	const values = rest.map(({ value }) => value);
	return context.script(values.includes(undefined) ? undefined : values.join(' '), 'ssh');
};

const openssl = (words: readonly ShellWord[], context: Context): Verdict => {
	const name = words[0]?.value ?? '';
	if (/^(?:version|ciphers|list|dgst|verify|speed|crl)$/.test(name)) return read('openssl only shows');
	if (name === 's_client') return context.input.kind === 'none' ? { ...read('openssl s_client only asks'), interactive: 'openssl s_client waits for input; give it </dev/null' } : read('openssl s_client only asks');
	if (name === 'x509' && valueOf(words, ['-out']) === undefined) return read('openssl x509 only shows');
	return change('openssl writes files');
};

const nc = (words: readonly ShellWord[]): Verdict => {
	if (hasOption(words, ['-z'])) return read('nc -z only looks whether a port answers');
	const verdict = unknown('what is sent through nc only the run tells');
	return hasOption(words, ['-l']) ? { ...verdict, endless: 'nc -l waits for somebody to connect' } : verdict;
};

const ip = (words: readonly ShellWord[]): Verdict =>
	words.some(({ value }) => /^(?:add|del|delete|set|flush|change|replace|up|down|append)$/.test(value ?? '')) ? change('ip changes the network') : read('ip only shows');

/** Requests, other machines and the network. */
export const networkCommands: Readonly<Record<string, CommandRule>> = {
	curl: judged(curl),
	wget: judged(wget),
	ssh: judged(ssh),
	...each('scp sftp', changes('copies files over those that are there')),
	...each('http https xh', changes('sends a request', { certain: false })),
	...each('dig nslookup host traceroute tracepath netstat ss arp getent whois ethtool route ifconfig nmap', reads('only shows', { certain: true })),
	ping: reads('only asks', { endless: { without: ['-c', '-w', '--count', '--deadline'] } }),
	mtr: reads('only asks', { interactive: { without: ['-r', '--report', '-j', '--json', '-C', '--csv', '-w'] } }),
	tcpdump: reads('only listens', { endless: { without: ['-c', '-r'] }, options: [[['-w'], 'change', '-w writes a file']] }),
	...each('telnet ftp', changes('talks to another machine', { certain: false, interactive: 'always' })),
	...each('nc ncat netcat', judged(nc)),
	ip: judged(ip),
	openssl: judged(openssl),
	ab: changes('puts load on a service'),
	...each('hey wrk k6 locust vegeta siege', changes('puts load on a service')),
};
