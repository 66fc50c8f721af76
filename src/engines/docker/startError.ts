/** What the engine's own long words about a failed start come down to; the first pattern that fits. */
const patterns: readonly (readonly [RegExp, (found: string) => string])[] = [
	[/listen (?:tcp|udp)[46]? (\S+): bind: address already in use/, (address) => `port ${address} is taken by another process`],
	[/Bind for (\S+) failed: port is already allocated/, (address) => `port ${address} is taken by another container`],
	[/exec: "([^"]+)": (?:executable file not found|stat )/, (program) => `${program} is not in the image`],
	[/exec: "([^"]+)": permission denied/, (program) => `${program} may not be executed`],
	[/error mounting "([^"]+)"/, (path) => `${path} cannot be mounted`],
	[/no space left on device/, () => 'no space left on the engine\'s disk'],
	[/network ([\w-]+) not found/, (network) => `network ${network} is gone`],
];

/** A failed start in few words, with the engine's own behind them. */
export const startErrorWords = (error: string): string => {
	for (const [pattern, words] of patterns) {
		const match = pattern.exec(error);
		if (match !== null) return `${words(match[1] ?? '')} (${error})`;
	}
	return error;
};
