import { stringify } from 'yaml';
import { serviceNames } from '../../src/drill/rangeNames.ts';
import type { Ground } from './ground.ts';

/** What somebody who runs this service would write into sitrep.yaml: the alerts of the runbook need these probes. */
export const watchFile = (ground: Ground): string =>
	stringify({
		schemaVersion: 1,
		services: {
			[ground.api]: {
				compose: `${ground.name}/${serviceNames.api}`,
				probes: [
					{ name: 'ready', kind: 'http', url: `${ground.url}/ready`, expect: 'status == 200', interval: '2s', timeout: '2s' },
					{ name: 'metrics', kind: 'prometheus', url: `${ground.url}/metrics`, interval: '2s' },
					{ name: 'db', kind: 'sqlite', path: ground.database, interval: '2s', quickCheckEvery: '10s' },
					{ name: 'disk', kind: 'disk', path: ground.folder, interval: '2s' },
				],
			},
		},
	});
