/** A block of code that is no step. */
export interface LeftOut {
	readonly line: number;
	readonly language: string;
	readonly reason: string;
	/** Where its text is kept, in words. */
	readonly keptIn: string;
}

/** What became of a document, counted as it is read. */
export class Tally {
	/** Blocks of code in a shell's language, or that read as commands, and those of them that became steps. */
	shellBlocks = 0;
	shellBlocksAsSteps = 0;
	/** Fences without a language, indented blocks, other languages. */
	otherBlocks = 0;
	/** Entries with a box to tick. */
	boxes = 0;
	/** Everything that a person is to tick, boxes included. */
	checks = 0;
	readonly leftOut: LeftOut[] = [];
}
