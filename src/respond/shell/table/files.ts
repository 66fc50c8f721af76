import { hasOption, plainWords, valuesOf } from '../options.ts';
import type { CommandRule } from '../rule.ts';
import { changes, destroys, each, judged, reads } from '../rule.ts';
import type { ShellWord } from '../types.ts';
import type { Verdict } from '../verdict.ts';
import { change, destructive, read } from '../verdict.ts';

const isDevice = (path: string): boolean => /^\/dev\/(?!null$|zero$|full$|u?random$|stdin$|stdout$|stderr$|tty$|fd\/|shm\/)/.test(path);

/** True where writing there leaves nothing behind. */
export const isSink = (path: string): boolean => /^\/dev\/(?:null|stdout|stderr|tty|fd\/\d+)$/.test(path);

/** What writing to a file can do, by its path. */
export const writeTo = (word: ShellWord, how: string): Verdict => {
	const path = word.value;
	if (path === undefined) return change(`${how} writes to ${word.text}`);
	if (isSink(path)) return read(`${how} writes to ${path}`);
	return isDevice(path) ? destructive(`${how} overwrites the device ${path}`) : change(`${how} writes to ${path}`);
};

const dd = (words: readonly ShellWord[]): Verdict => {
	const target = words.find((word) => (word.value ?? word.text).startsWith('of='));
	if (target === undefined) return read('dd without of= only reads');
	const path = target.value?.slice(3);
	if (path !== undefined && isSink(path)) return read('dd into nothing only reads');
	return destructive(`dd overwrites ${path ?? target.text.slice(3)}`);
};

const tee = (words: readonly ShellWord[]): Verdict =>
	plainWords(words)
		.map(({ word }) => writeTo(word, 'tee'))
		.reduce((a, b) => (a.risk === 'read' || b.risk === 'destructive' ? b : a), read('tee without a file only shows'));

const tar = (words: readonly ShellWord[]): Verdict => {
	const first = words[0]?.value ?? '';
	// `tar czf` is `tar -czf`.
	const letters = /^-?[A-Za-z]+$/.test(first) ? first.replace(/^-/, '') : '';
	const asks = (letter: string, long: readonly string[]): boolean => letters.includes(letter) || hasOption(words, [`-${letter}`, ...long]);
	if (words.some((word) => word.value === '--remove-files')) return destructive('tar --remove-files removes what it has packed');
	if (asks('x', ['--extract', '--get'])) return change('tar -x writes files over those that are there');
	if (asks('c', ['--create'])) return change('tar -c writes an archive');
	if (asks('t', ['--list'])) return read('tar -t only lists');
	return change('tar writes an archive');
};

const sed = (words: readonly ShellWord[]): Verdict => {
	if (words.some(({ value }) => value !== undefined && (/^-[nErsuz]*i/.test(value) || value.startsWith('--in-place')))) return change('sed -i writes files in place');
	const scripts = [...valuesOf(words, ['-e', '--expression']), ...plainWords(words, { valued: ['-e', '-f', '--expression', '--file'] }).map(({ word }) => word)];
	// The commands w and e of sed write files and run programs.
	const odd = scripts.some(({ value }) => value !== undefined && /(?:^|[;}\n]|[\d$])\s*[we]\s|\/[gpI0-9]*[we](?:\s|$)/.test(value));
	return odd ? { ...change('sed writes files or runs programs where its script holds w or e'), certain: false } : read('sed only shows');
};

const awk = (words: readonly ShellWord[]): Verdict => {
	const program = words.map((word) => word.value ?? word.text).join('\n');
	if (/\bsystem\s*\(|\|\s*"|\|\s*getline|print[^;}]*>/.test(program)) return { ...change('awk runs programs or writes files where its program says so'), certain: false };
	return hasOption(words, ['-i']) && words.some((word) => word.value === 'inplace') ? change('awk -i inplace writes files') : read('awk only shows');
};

const sort = (words: readonly ShellWord[]): Verdict => {
	const target = valuesOf(words, ['-o', '--output'])[0];
	return target === undefined ? read('sort only shows') : writeTo(target, 'sort -o');
};

/** Files, text and the shell's own words. */
export const fileCommands: Readonly<Record<string, CommandRule>> = {
	...each(
		'cat tac ls dir vdir stat file head wc cut tr uniq nl od hexdump strings cmp diff comm column paste join fold expand rev seq printf echo test [ true false : pwd basename dirname realpath readlink du df lsblk blkid findmnt lsattr getfacl md5sum sha1sum sha256sum sha512sum cksum b2sum base64 zcat bzcat xzcat zgrep grep egrep fgrep rg ag jq xmllint tree numfmt expr bc date cal sleep type which whereis locate hash getopts shift wait exit return break continue cd export set unset local declare typeset readonly umask ulimit trap let shopt pushd popd dirs times getconf locale factor tsort yamllint sum lz4cat zstdcat apropos man help',
		reads('only shows'),
	),
	yes: reads('only shows', { endless: 'always' }),
	tail: reads('only shows', { endless: { with: ['-f', '-F', '--follow', '--retry'] } }),
	yq: reads('only shows', { options: [[['-i', '--inplace'], 'change', '-i writes files in place']] }),
	date: reads('only shows', { options: [[['-s', '--set'], 'change', '-s sets the clock']] }),
	less: reads('only shows', { interactive: 'always' }),
	more: reads('only shows', { interactive: 'always' }),
	man: reads('only shows', { interactive: 'always' }),
	...each('vi vim nvim nano emacs pico joe ed mcedit micro helix hx kak view vimdiff', changes('edits files', { interactive: 'always' })),
	...each('open xdg-open', changes('opens a window', { certain: false, interactive: 'always' })),
	read: reads('reads a line'),
	rm: destroys('removes files', { interactive: { with: ['-i', '-I', '--interactive'] } }),
	rmdir: destroys('removes folders'),
	unlink: destroys('removes a file'),
	shred: destroys('overwrites files for good'),
	truncate: destroys('cuts files'),
	wipefs: destroys('removes file system signatures'),
	blkdiscard: destroys('discards a whole device'),
	...each('mkfs mke2fs mkswap', destroys('overwrites a whole file system')),
	...each('fdisk cfdisk sfdisk parted gdisk', destroys('writes the partition table', { harmlessWith: ['-l', '--list'], interactive: { without: ['-l', '--list', '-s'] } })),
	...each('lvremove vgremove pvremove', destroys('removes a volume', { asksWithout: ['-y', '--yes', '-f'] })),
	...each('lvcreate lvextend lvresize resize2fs xfs_growfs vgextend', changes('resizes storage')),
	...each('lvs vgs pvs lvdisplay vgdisplay pvdisplay', reads('only shows')),
	fsck: changes('repairs a file system', { harmlessWith: ['-n'], asksWithout: ['-y', '-n'] }),
	...each('mv', changes('moves files over those that are there', { interactive: { with: ['-i', '--interactive'] } })),
	...each('cp', changes('copies files over those that are there', { interactive: { with: ['-i', '--interactive'] } })),
	install: changes('copies files over those that are there'),
	rsync: changes('copies files over those that are there', {
		options: [[['--delete', '--delete-before', '--delete-after', '--delete-during', '--delete-excluded', '--remove-source-files', '--del'], 'destructive', 'removes files']],
		harmlessWith: ['--dry-run', '--list-only'],
	}),
	...each('mkdir touch ln mkfifo mktemp mknod', changes('creates files')),
	...each('chmod chown chgrp setfacl chattr setfattr', changes('changes who may do what with files')),
	...each('gzip bzip2 xz zstd compress', changes('puts a packed file in the place of the file', { harmlessWith: ['-l', '--list', '-t', '--test', '-c', '--stdout', '--to-stdout'] })),
	...each('gunzip bunzip2 unxz unzstd', changes('puts the unpacked file in the place of the packed one', { harmlessWith: ['-l', '--list', '-t', '--test', '-c', '--stdout', '--to-stdout'] })),
	...each('zip unzip 7z', changes('writes files', { harmlessWith: ['-l', '-t', '-Z'] })),
	split: changes('writes files'),
	patch: changes('writes files', { harmlessWith: ['--dry-run'] }),
	dd: judged(dd),
	tee: judged(tee),
	tar: judged(tar),
	sed: judged(sed),
	...each('awk gawk mawk nawk', judged(awk)),
	sort: judged(sort),
	...each('mount umount swapon swapoff losetup', changes('changes what is mounted', { bare: reads('only shows') })),
	sync: changes('writes buffers to disk'),
	logrotate: changes('turns log files over', { harmlessWith: ['-d', '--debug'] }),
	sponge: changes('writes a file'),
};
