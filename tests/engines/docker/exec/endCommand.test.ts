import { describe, expect, it } from 'vitest';
import { endCommand } from '../../../../src/engines/docker/exec/endCommand.ts';
import { parseScan } from '../../../../src/engines/docker/exec/insideReach.ts';
import { family, parseStat, type Process } from '../../../../src/engines/docker/exec/processes.ts';
import type { Reach } from '../../../../src/engines/docker/exec/reach.ts';
import { ManualClock } from '../../../support/manualClock.ts';

const process = (pid: number, parent: number, over: Partial<Process> = {}): Process => ({ pid, innerPid: pid, parent, session: pid, startTime: pid, zombie: false, marked: false, ...over });
const pids = (found: readonly Process[]) => found.map(({ pid }) => pid);

describe('the family of a command', () => {
	const all = [
		process(1, 0),
		process(10, 0),
		process(11, 10, { session: 10 }),
		process(12, 1, { session: 10 }),
		process(13, 11),
		process(14, 1, { marked: true }),
		process(15, 14),
		process(16, 1),
		process(17, 11, { zombie: true }),
	];

	it('is its descendants, its session, what is marked, and what those started', () => {
		expect(pids(family(all, 10, []))).toEqual([10, 11, 12, 14, 13, 15]);
	});

	it('is known by the mark alone where the pid is not', () => {
		expect(pids(family(all, undefined, []))).toEqual([14, 15]);
	});

	it('keeps what was seen before, but not a later process with its number', () => {
		expect(pids(family([process(16, 1)], undefined, [process(16, 14)]))).toEqual([16]);
		expect(pids(family([process(16, 1, { startTime: 99 })], undefined, [process(16, 14)]))).toEqual([]);
	});

	it("never is the container's first process", () => {
		expect(pids(family([process(1, 0, { marked: true }), process(5, 0, { innerPid: 1, marked: true })], 1, []))).toEqual([]);
	});
});

describe('a stat line', () => {
	it('is read whatever the name of the program', () => {
		expect(parseStat('42 (a b) c) S 7 42 41 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 99', true)).toEqual(process(42, 7, { session: 41, startTime: 777, marked: true }));
		expect(parseStat('nonsense', false)).toBeUndefined();
		expect(parseStat('', false)).toBeUndefined();
	});

	it('comes with its mark from inside', () => {
		const scan = parseScan('+ 5 (sh) S 1 5 5 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9 0\n- 6 (x) Z 5 5 5 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9 0\n');
		expect(scan).toMatchObject([{ pid: 5, marked: true, zombie: false }, { pid: 6, marked: false, zombie: true }]);
		expect(parseScan('')).toBeUndefined();
		expect(parseScan(undefined)).toBeUndefined();
	});
});

/** A container whose processes mind signals as told. */
function world(start: readonly Process[], minds: (signal: string, one: Process) => boolean): Reach & { log: string[] } {
	let alive = [...start];
	const log: string[] = [];
	return {
		side: 'host',
		log,
		scan: async () => alive,
		kill: async (processes, signal) => {
			log.push(`${signal} ${pids(processes).join(' ')}`);
			alive = alive.filter((one) => !processes.some(({ pid }) => pid === one.pid) || !minds(signal, one));
		},
	};
}

async function end(reaches: readonly Reach[], root: number | undefined) {
	const clock = new ManualClock();
	const state = { over: false };
	const result = endCommand(reaches, root, clock).finally(() => {
		state.over = true;
	});
	while (!state.over) {
		await clock.advance(50);
	}
	return result;
}

describe('ending a command', () => {
	it('asks first, and kills what does not mind', async () => {
		const reach = world([process(1, 0), process(10, 1), process(11, 10)], (signal, one) => signal === 'SIGKILL' || one.pid === 11);
		expect(await end([reach], 10)).toEqual({ survivors: [] });
		expect(reach.log).toEqual(['SIGTERM 10 11', 'SIGKILL 10']);
	});

	it('names what survives', async () => {
		expect(await end([world([process(1, 0), process(10, 1, { innerPid: 5 })], () => false)], 10)).toEqual({ survivors: [5] });
	});

	it('goes on to the next way where one does not work', async () => {
		const useless: Reach = { side: 'host', scan: async () => undefined, kill: async () => {} };
		const reach: Reach = { ...world([process(1, 0), process(20, 1, { marked: true })], () => true), side: 'inside' };
		expect(await end([useless, reach], 10)).toEqual({ survivors: [] });
	});

	it('says where no way works, and where the end could not be seen', async () => {
		const useless: Reach = { side: 'inside', scan: async () => undefined, kill: async () => {} };
		expect((await end([useless], 10)).note).toContain('no shell');
		let scans = 0;
		const broken: Reach = { side: 'host', scan: async () => (scans++ === 0 ? [process(10, 1)] : undefined), kill: async () => {} };
		expect(await end([broken], 10)).toEqual({ survivors: [10], note: expect.stringContaining('could not be seen') });
	});
});
