import { describe, expect, it } from 'vitest';
import { parseLibraries } from '../../src/drill/runtimeFiles.ts';

describe('parseLibraries', () => {
	it('finds libraries and the loader, and leaves out what the kernel provides', () => {
		const text = [
			'\tlinux-vdso.so.1 (0x00007ffc3a5f2000)',
			'\tlibstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f1)',
			'\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2)',
			'\t/lib64/ld-linux-x86-64.so.2 (0x00007f3)',
			'',
		].join('\n');
		expect(parseLibraries(text)).toEqual(['/lib/x86_64-linux-gnu/libstdc++.so.6', '/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
	});

	it('finds nothing in a program that is linked statically', () => {
		expect(parseLibraries('\tstatically linked\n')).toEqual([]);
	});

	it('names a library that is missing', () => {
		expect(() => parseLibraries('\tlibfoo.so.1 => not found\n')).toThrow('libfoo.so.1');
	});
});
