import { imageWords } from './imageWords.ts';
import { knownVersions } from './known.ts';
import type { RolloutResult, RolloutSpec, RolloutToolPorts } from './ports.ts';
import { versionRows } from './versionRows.ts';

/** Lists what a service can be moved to, and which of it was good. Changes nothing. @throws EngineError */
export const listVersions = async (spec: RolloutSpec, ports: RolloutToolPorts): Promise<RolloutResult> => {
	const known = await knownVersions(spec, ports);
	const { subject, current, lastGood, why } = known;
	const { rows, more } = versionRows(known);
	for (const row of rows) ports.print(`${row.title}  ${row.detail}`);
	if (more > 0) ports.print(`and ${more} more`);
	const words = lastGood === undefined ? `no last good version of ${subject.name}: ${why}` : `${lastGood.proved ? 'last good' : 'best guess'}: ${imageWords(lastGood)}. ${why}`;
	ports.print(words);
	return {
		ok: true,
		value: {
			service: spec.service,
			subject: { id: subject.id, name: subject.name, kind: subject.kind },
			current: { image: current?.image ?? '', imageId: current?.imageId ?? '' },
			versions: rows,
			...(more > 0 ? { more } : {}),
			...(lastGood === undefined ? {} : { lastGood: { value: lastGood.image, ...lastGood } }),
			why,
			words,
		},
	};
};
