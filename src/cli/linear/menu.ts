import type { LinearIo } from './io.ts';

/** Where a menu leads: on, one level up, or out of the session (q, EOF). */
export type Way = 'stay' | 'back' | 'quit';

export interface MenuEntry {
	readonly title: string;
	/** Why it cannot be chosen now. */
	readonly disabled?: string;
	run(): Promise<Way>;
}

/**
 * A numbered menu, asked until it leads back or out. Enter alone prints it again; b goes back, q quits, at every menu.
 * @param build made anew each time it is printed, so that it shows how things stand now
 */
export const runMenu = async (io: LinearIo, build: () => { readonly heading: readonly string[]; readonly entries: readonly MenuEntry[] }, top = false): Promise<Way> => {
	let show = true;
	let { heading, entries } = build();
	for (;;) {
		if (show) {
			// Never without printing it: a number must mean what the person has read.
			({ heading, entries } = build());
			for (const line of heading) io.print(line);
			for (const [index, entry] of entries.entries()) io.print(`${index + 1}  ${entry.title}${entry.disabled === undefined ? '' : ` (not now: ${entry.disabled})`}`);
			io.print(top ? 'q  quit' : 'b  back, q  quit');
		}
		show = true;
		const answer = await io.ask(`Number, ${top ? '' : 'b, '}q, or Enter to list again:`);
		if (answer === undefined) return 'quit';
		const word = answer.toLowerCase();
		if (word === 'q' || word === 'quit' || word === 'exit') return 'quit';
		if ((word === 'b' || word === 'back') && !top) return 'back';
		if (word === '') continue;
		const entry = /^\d{1,6}$/.test(word) ? entries[Number(word) - 1] : undefined;
		if (entry === undefined) {
			io.print(`"${answer}" is not in the menu. It has 1 to ${entries.length}.`);
			show = false;
			continue;
		}
		if (entry.disabled !== undefined) {
			io.print(`${entry.title}: not now, ${entry.disabled}.`);
			show = false;
			continue;
		}
		if ((await entry.run()) === 'quit') return 'quit';
	}
};
