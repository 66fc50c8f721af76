import { readdir } from 'node:fs/promises';

const pattern = /^output\.(\d{9})$/;

/** Segments are numbered from 0; the first half of them stays, the others make way for newer ones. */
export const segmentName = (number: number): string => `output.${String(number).padStart(9, '0')}`;

/** Numbers of the segments that are there, ascending; none where there is no folder. */
export const listSegments = async (folder: string): Promise<readonly number[]> => {
	let names: readonly string[];
	try {
		names = await readdir(folder);
	} catch {
		return [];
	}
	return names
		.map((name) => pattern.exec(name)?.[1])
		.filter((digits) => digits !== undefined)
		.map(Number)
		.sort((a, b) => a - b);
};

/** Bytes of a segment at most: what a reader that has fallen behind has to read again. */
const largestSegment = 512 * 1024;
/** A bound below this is taken as this. */
const smallestBound = 4096;

/** How the bound of an output is cut into segments: as many at its start as at its end. */
export const segmentPlan = (maxBytes: number): { readonly segmentBytes: number; readonly half: number } => {
	const half = Math.floor(Math.max(smallestBound, maxBytes) / 2);
	const segmentBytes = Math.min(largestSegment, Math.floor(half / 8));
	return { segmentBytes, half: Math.floor(half / segmentBytes) };
};
