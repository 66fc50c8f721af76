/** Names that a move of a service gives to the container it put aside, and to the one that has yet to prove itself. */
const asideName = /^(.+)-sitrep-(old|new)-[^/]*$/;

/** Whose place a container will take, or had: the name without what a move added; undefined where it is nobody's. */
export const asideOf = (name: string): string | undefined => asideName.exec(name)?.[1];

/** Whether it is the version before, or the one that has yet to prove itself; undefined where a move has not named it. */
export const asideAs = (name: string): 'old' | 'new' | undefined => {
	const as = asideName.exec(name)?.[2];
	return as === 'old' || as === 'new' ? as : undefined;
};
