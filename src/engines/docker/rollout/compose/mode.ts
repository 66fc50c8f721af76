import { fields, list, text } from '../../narrow.ts';
import { carryVolumes } from '../volumes.ts';
import type { ComposeMode } from './data.ts';
import type { ComposeFacts } from './facts.ts';

export interface ChosenMode {
	readonly mode: ComposeMode;
	readonly why: string;
	/** Set where neither is possible without a loss. */
	readonly refused?: string;
	/** Paths of volumes without a name that compose keeps only where the files name them: ours has to. */
	readonly carried: readonly string[];
}

/**
 * One after the other where there are several. Compose itself replaces all at once, which alone keeps volumes without
 * a name, and for a single one leaves the shorter gap.
 */
export function chooseMode({ replicas, tool, first, model }: Pick<ComposeFacts, 'replicas' | 'tool' | 'first' | 'model'>): ChosenMode {
	const nameless = [...new Set(replicas.flatMap(({ container }) => carryVolumes(container).rebound.map(({ path }) => path)).concat(replicas.flatMap(({ container }) => ownedVolumes(container))))];
	// Newer engines do not give it at all, which it finds out only once it has stopped the old one.
	// The first compose looks for them in a part of the image's description that newer builders leave empty.
	const declaring = fields(fields(tool.isFirst ? first.fromImage?.['ContainerConfig'] : first.toImage?.['Config'])['Volumes']);
	const carried = nameless.filter((path) => !(path in declaring) && model?.mounts.includes(path) !== true);
	const failing = tool.isFirst && [first.fromImage, first.toImage].some((image) => image !== undefined && image['ContainerConfig'] === undefined);
	if (failing && nameless.length > 0) {
		return { mode: 'together', carried, why: 'compose replaces it', refused: `${tool.name} ${tool.version} cannot replace containers on this engine, and without that the data at ${nameless.join(', ')} would be left behind: give the volume a name, or install a newer compose` };
	}
	if (nameless.length > 0 && replicas.length > 1) {
		return { mode: 'together', carried, why: `all are replaced at once: only so compose keeps the volumes without a name at ${nameless.join(', ')}` };
	}
	if (failing) {
		return { mode: 'each', carried: [], why: `${tool.name} ${tool.version} cannot replace containers on this engine: the old one is removed first, and compose makes the new one` };
	}
	return replicas.length > 1 ? { mode: 'each', carried: [], why: 'one after the other: each is removed, and compose makes the new one, while the others answer' } : { mode: 'together', carried, why: 'compose stops the old one before it starts the new one' };
}

/** Once compose has replaced a container, its volumes without a name are bound by the name the engine gave them: 64 digits. */
function ownedVolumes(container: ReturnType<typeof fields>): readonly string[] {
	return list(container['Mounts']).map(fields).filter((mount) => mount['Type'] === 'volume' && /^[0-9a-f]{64}$/.test(text(mount['Name']) ?? '')).flatMap((mount) => text(mount['Destination']) ?? []);
}
