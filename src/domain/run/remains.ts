/** What is still there of something that ended, and what else is to be known of its end. */
export interface Remains {
	/** Processes that outlived being ended, `pid name` each. */
	readonly survivors?: readonly string[];
	/** Processes that it left running in the background when it ended by itself, `pid name` each. They are not ended. */
	readonly left?: readonly string[];
	/** What else a person should know of its end, in words: output that could not be written, processes that may not be signalled. */
	readonly note?: string;
}

/** So many processes are named; how many more there are is told. */
const namedProcesses = 50;

const bounded = (names: readonly string[]): readonly string[] =>
	names.length <= namedProcesses ? names : [...names.slice(0, namedProcesses - 1), `and ${names.length - namedProcesses + 1} more`];

/** Of several ends together; nothing that is empty, and no name or note twice. */
export const remainsOf = (...ends: readonly Remains[]): Remains => {
	const survivors = bounded([...new Set(ends.flatMap((end) => end.survivors ?? []))]);
	const left = bounded([...new Set(ends.flatMap((end) => end.left ?? []))]);
	const note = [...new Set(ends.flatMap((end) => end.note ?? []))].join('; ');
	return { ...(survivors.length === 0 ? {} : { survivors }), ...(left.length === 0 ? {} : { left }), ...(note === '' ? {} : { note }) };
};

/** The same with every text made over, as by a redactor. */
export const remainsMade = ({ survivors, left, note }: Remains, make: (text: string) => string): Remains => ({
	...(survivors === undefined ? {} : { survivors: survivors.map(make) }),
	...(left === undefined ? {} : { left: left.map(make) }),
	...(note === undefined ? {} : { note: make(note) }),
});

/**
 * In words, one line each.
 * @param said how it ended, in words: survivors that stand there are not named again
 */
export const remainsWords = ({ survivors = [], left = [], note }: Remains, said = ''): readonly string[] => {
	const unsaid = survivors.filter((each) => !said.includes(each));
	return [
		...(unsaid.length === 0 ? [] : [`could not be ended, still running: ${unsaid.join(', ')}`]),
		...(left.length === 0 ? [] : [`left running in the background: ${left.join(', ')}`]),
		...(note === undefined ? [] : [note]),
	];
};
