/** Everything of a range carries this label, with the range's name as its value. */
export const rangeLabel = 'sitrep.range';
/** What an image of the range was made from. Images serve every range of an engine. */
export const imageLabel = 'sitrep.range.image';
/** What a container of the range was made from, so that `up` can tell whether it still fits. */
export const specLabel = 'sitrep.range.spec';
export const imageRepository = 'sitrep-range/cloud-native-poc';
export const defaultRange = 'sitrep-range';

/** How a version behaves: as the service's own code reads it. */
export type Behaviour = 'good' | 'crashes' | 'crashes-soon' | 'crashes-late' | 'errors' | 'few-errors' | 'slow' | 'migrates' | 'leaks';

/** A version of the service. */
export interface Release {
	readonly version: string;
	readonly behaviour: Behaviour;
}

/** In the order in which they were built. */
export const releases: readonly Release[] = [
	{ version: '1.0.0', behaviour: 'good' },
	{ version: '1.1.0', behaviour: 'good' },
	{ version: '1.2.0', behaviour: 'crashes' },
	{ version: '1.3.0', behaviour: 'errors' },
	{ version: '1.4.0', behaviour: 'crashes-soon' },
	{ version: '1.5.0', behaviour: 'crashes-late' },
	{ version: '1.6.0', behaviour: 'few-errors' },
	{ version: '1.7.0', behaviour: 'slow' },
	{ version: '1.8.0', behaviour: 'migrates' },
	{ version: '1.9.0', behaviour: 'leaks' },
];

/** The release that a fresh or healed range runs. */
export const goodVersion = '1.0.0';

/** The parts of a range. The api is the service that things happen to. */
export const parts = ['api', 'worker', 'gateway', 'loadgen'] as const;
export type Part = (typeof parts)[number];

/** Service names, as the console shows them. */
export const serviceNames: Readonly<Record<Part, string>> = { api: 'cloud-native-poc', worker: 'worker', gateway: 'gateway', loadgen: 'loadgen' };

/** A container's name: plain in the default range, with the range's name before it in any other. */
export function containerName(range: string, part: Part): string {
	const plain = part === 'api' ? 'cloud-native-poc' : `range-${part}`;
	return range === defaultRange ? plain : `${range}-${plain}`;
}

export const networkName = (range: string): string => `${range}-net`;
export const volumeName = (range: string): string => `${range}-data`;
/** Holds the host port while the api is down. */
export const squatterName = (range: string): string => `${range}-squatter`;

/** @throws Error for a name that no container could have */
export function checkRangeName(name: string): string {
	if (!/^[a-z0-9][a-z0-9_-]{0,40}$/.test(name)) {
		throw new Error(`"${name}" cannot be a range's name: use small letters, digits, "-" and "_"`);
	}
	return name;
}
