/** Exit codes of every command but `check`, whose codes are those of a Nagios plugin. */
export const exitCodes = {
	/** Done. `status` ends so whatever it reports; `check` is the command that judges. */
	ok: 0,
	/** It was tried and failed. */
	failure: 1,
	/** The command line itself is wrong. */
	usage: 2,
	/** No engine answers, or nothing has the name that was given. */
	unknown: 3,
	/** A question would have to be asked, or a screen shown, and there is no terminal. */
	noTerminal: 4,
	/** 128 + 1: the terminal went away. */
	hangup: 129,
	/** 128 + 2: Ctrl-C. */
	interrupted: 130,
	/** 128 + 15. */
	terminated: 143,
} as const;

/** Codes of `check`, as monitoring systems read them (Nagios plugin development guidelines, "Plugin Return Codes"). */
export const checkCodes = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;

/** What each code means, for `--help` and the reference. */
export const exitCodeWords: readonly (readonly [code: number, words: string])[] = [
	[exitCodes.ok, 'done (status: whatever it reports)'],
	[exitCodes.failure, 'it was tried and failed'],
	[exitCodes.usage, 'wrong command line, or a parameter that cannot be used'],
	[exitCodes.unknown, 'no engine answers, or there is no service, playbook or run of that name'],
	[exitCodes.noTerminal, 'a terminal is needed and there is none'],
	[exitCodes.interrupted, 'Ctrl-C (129 hang-up, 143 terminated)'],
];

export const checkCodeWords: readonly (readonly [code: number, words: string])[] = [
	[checkCodes.ok, 'OK: nothing is in trouble'],
	[checkCodes.warning, 'WARNING: P2 or P3'],
	[checkCodes.critical, 'CRITICAL: P0 or P1'],
	[checkCodes.unknown, 'UNKNOWN: no engine, no such service, no verdict, or a wrong command line'],
];

/** Code of a process that a signal ended. */
export const signalCode = (signalName: unknown): number =>
	signalName === 'SIGHUP' ? exitCodes.hangup : signalName === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
