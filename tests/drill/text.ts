/** How many characters two texts begin with alike. */
export const commonPrefix = (one: string, other: string): number => {
	let length = 0;
	while (length < one.length && one[length] === other[length]) length++;
	return length;
};
