import { hasOption, plainWords, valueOf } from '../options.ts';
import type { CommandRule } from '../rule.ts';
import { changes, destroys, each, family, judged, reads } from '../rule.ts';
import type { ShellWord } from '../types.ts';
import type { Context, Verdict } from '../verdict.ts';
import { change, destructive, read } from '../verdict.ts';

const kill = (words: readonly ShellWord[]): Verdict => {
	const first = words[0]?.value ?? '';
	if (first === '-l' || first === '-L') return read('kill -l only lists');
	const signal = valueOf(words, ['-s'])?.value ?? (/^-[A-Z0-9]+$/.test(first) ? first.slice(1) : '');
	return signal === '0' ? read('kill -0 only looks whether a process is there') : change('kill ends processes; what they had not written is lost');
};

const top = (words: readonly ShellWord[]): Verdict => {
	const batch = hasOption(words, ['-b']);
	const counted = words.some(({ value }) => value !== undefined && /^-[a-z]*n\d*$/i.test(value));
	const verdict = read('top only shows');
	if (!batch) return { ...verdict, interactive: 'top waits for a person at a terminal; top -b -n 1 shows once' };
	return counted ? verdict : { ...verdict, endless: 'top -b without -n does not end by itself' };
};

/** `vmstat 1` goes on for ever, `vmstat 1 5` does not. */
const sampler = (name: string): CommandRule =>
	judged((words) => {
		const numbers = plainWords(words).filter(({ word }) => /^\d+(?:\.\d+)?$/.test(word.value ?? ''));
		return numbers.length === 1 ? { ...read(`${name} only shows`), endless: `${name} with an interval and no count does not end by itself` } : read(`${name} only shows`);
	});

const fuser = (words: readonly ShellWord[]): Verdict => (hasOption(words, ['-k', '--kill']) ? change('fuser -k kills every process that uses the file') : read('fuser only shows'));

const crontab = (words: readonly ShellWord[], context: Context): Verdict => {
	if (hasOption(words, ['-e'])) return { ...change('crontab -e edits the timetable'), interactive: 'crontab -e opens an editor' };
	if (hasOption(words, ['-r'])) return destructive('crontab -r removes the whole timetable');
	if (hasOption(words, ['-l'])) return read('crontab -l only shows');
	const verdict = destructive('crontab puts another timetable in the place of this one');
	return plainWords(words, { valued: ['-u'] }).length === 0 && context.input.kind === 'none' ? { ...verdict, interactive: 'crontab without a file reads from the terminal' } : verdict;
};

const unit = changes('changes whether units run');

/** Processes, services, users and the machine. */
export const systemCommands: Readonly<Record<string, CommandRule>> = {
	...each(
		'ps pgrep pidof pstree lsof free uptime w who whoami id groups users last lastlog uname nproc arch lscpu lsmem lspci lsusb lsmod lsns hostid printenv tty getent vmstat mpstat sensors loginctl timedatectl hostnamectl localectl pmap prtstat',
		reads('only shows'),
	),
	top: judged(top),
	...each('htop btop atop glances iotop nmon ctop lazydocker k9s', reads('only shows', { interactive: 'always' })),
	vmstat: sampler('vmstat'),
	iostat: sampler('iostat'),
	mpstat: sampler('mpstat'),
	pidstat: sampler('pidstat'),
	sar: sampler('sar'),
	dmesg: reads('only shows', {
		endless: { with: ['-w', '--follow', '-W', '--follow-new'] },
		options: [[['-C', '--clear', '-c', '--read-clear'], 'destructive', 'clears the kernel log']],
	}),
	journalctl: reads('only shows', {
		endless: { with: ['-f', '--follow'] },
		options: [[['--vacuum-size', '--vacuum-time', '--vacuum-files'], 'destructive', 'removes old logs']],
	}),
	hostname: reads('only shows', { valued: [] }),
	sysctl: reads('only shows', { options: [[['-w', '--write', '-p', '--load', '--system'], 'change', 'sets kernel values']] }),
	kill: judged(kill),
	...each('pkill killall skill', changes('ends every process of that name', { harmlessWith: ['-0', '-l', '--list'] })),
	fuser: judged(fuser),
	...each('renice taskset chrt ionice', changes('changes how processes are scheduled')),
	...each('strace ltrace perf gdb bpftrace', changes('slows or stops what it looks at', { certain: false, endless: { with: ['-p'] } })),
	systemctl: family({
		...each('status show cat is-active is-enabled is-failed list-units list-unit-files list-timers list-sockets list-dependencies list-jobs get-default help', reads('only shows')),
		...each('start stop restart reload try-restart reload-or-restart enable disable mask unmask daemon-reload daemon-reexec reset-failed isolate kill set-property preset link revert set-default', unit),
		edit: changes('edits a unit', { interactive: 'always' }),
		...each('reboot poweroff halt kexec suspend hibernate rescue emergency', destroys('takes the whole machine down')),
	}, { valued: ['-n', '-o', '-t', '-p', '-H', '-M', '--lines', '--type', '--property', '--host', '--state'], bare: reads('only shows') }),
	service: judged((words) => {
		const verb = words[1]?.value;
		return verb === 'status' || words[0]?.value === '--status-all' ? read('service only shows') : change('service changes whether a service runs');
	}),
	...each('reboot shutdown poweroff halt init telinit', destroys('takes the whole machine down')),
	supervisorctl: family({ ...each('status pid avail tail fg', reads('only shows', { endless: { with: ['-f'] } })), ...each('start stop restart reload update reread clear signal add remove', changes('changes whether programs run')) }, { bare: reads('only shows', { interactive: 'always' }) }),
	crontab: judged(crontab),
	...each('at batch', changes('plans a command')),
	...each('useradd adduser groupadd usermod chsh chfn gpasswd', changes('changes accounts')),
	...each('userdel deluser groupdel', destroys('removes an account')),
	...each('passwd visudo vipw', changes('changes accounts', { interactive: 'always' })),
	chpasswd: changes('changes passwords'),
	...each('screen tmux', changes('opens a terminal of its own', { certain: false, interactive: 'always' })),
	...each('iptables ip6tables nft ufw firewall-cmd ipset', changes('changes the firewall', { harmlessWith: ['-L', '-S', '--list', '--list-all', '--list-rules', '--state'] })),
	...each('modprobe insmod rmmod depmod', changes('changes the kernel')),
	clear: reads('only clears the screen'),
	reset: reads('only resets the screen'),
	tput: reads('only draws'),
	logger: changes('writes to the system log'),
	wall: changes('writes to every terminal'),
};
