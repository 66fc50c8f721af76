/** Ends a timer or a subscription. Safe to call more than once. */
export type Cancel = () => void;

/**
 * Time as a port, so that pure code can be tested with a clock of its own.
 * All times are milliseconds.
 */
export interface Clock {
	/** Wall clock, milliseconds since the Unix epoch. May jump. */
	now(): number;
	/** Monotonic milliseconds from an arbitrary origin. Never jumps. */
	monotonic(): number;
	/** Calls once after `ms`. The timer does not keep the process alive. */
	after(ms: number, run: () => void): Cancel;
	/** Calls every `ms`. The timer does not keep the process alive. */
	every(ms: number, run: () => void): Cancel;
}
