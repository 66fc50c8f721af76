/** So long bytes are left to gather, ms. The kernel's buffer of a local socket holds some 240 lines: an engine would have to write 900,000 a second to fill it. */
const gatherMs = 0.25;

const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
let due = false;

/**
 * Sleeps for a quarter of a millisecond before the event loop looks for input again, once however many ask for it.
 *
 * A reader that is faster than an engine writing a flood is woken for every line or two, and the system calls of that cost
 * both of them more than all the work on the lines: 2.1 s of CPU a million lines without this, 1.1 s with it. A timer cannot
 * wait for less than a millisecond, in which the engine's buffer runs full. A key waits at most this much longer.
 */
export const letGather = (): void => {
	if (due) return;
	due = true;
	setImmediate(() => {
		due = false;
		Atomics.wait(never, 0, 0, gatherMs);
	});
};
