import { sanitiseText } from '../domain/sanitise.ts';
import type { Service } from '../domain/service.ts';
import { exitCodes } from './exitCodes.ts';
import { CliFailure } from './failure.ts';

/** Names are listed in an error up to here. */
const listed = 12;

const answersTo = (service: Service, word: string): boolean =>
	service.id === word ||
	service.name === word ||
	service.group === word ||
	service.containers.some((container) => container.name === word || (word.length >= 12 && container.id.startsWith(word)));

/**
 * Services that the words name: by id (`shop/web`), name (`web`), group (`shop`, all of it), container name, or a
 * container id of 12 digits or more. An exact id wins over the rest. No words: all of them.
 * @throws CliFailure where a word names nothing
 */
export const selectServices = <T>(items: readonly T[], serviceOf: (item: T) => Service, words: readonly string[], where: string): readonly T[] => {
	if (words.length === 0) return items;
	const chosen = new Set<T>();
	const missing: string[] = [];
	for (const word of words) {
		const exact = items.filter((item) => serviceOf(item).id === word);
		const found = exact.length > 0 ? exact : items.filter((item) => answersTo(serviceOf(item), word));
		if (found.length === 0) missing.push(word);
		for (const item of found) chosen.add(item);
	}
	if (missing.length > 0) throw noSuchService(missing, items.map((item) => serviceOf(item).id), where);
	return items.filter((item) => chosen.has(item));
};

const noSuchService = (missing: readonly string[], known: readonly string[], where: string): CliFailure => {
	const names = missing.map((word) => `"${sanitiseText(word)}"`).join(', ');
	const left = known.length - listed;
	const list = known.slice(0, listed).map(sanitiseText).join(', ') + (left > 0 ? ` and ${left} more` : '');
	return new CliFailure(exitCodes.unknown, `no service ${names} on ${where}`, {
		advice: known.length === 0 ? `There are no containers on ${where}; another engine is chosen with --host or --context.` : `There: ${list}.`,
	});
};
