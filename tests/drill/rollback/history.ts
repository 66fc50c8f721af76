import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { imageRepository, serviceNames } from '../../../src/drill/rangeNames.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { TrafficWindow } from '../../../src/observe/probes/traffic.ts';
import { openJournal } from '../../../src/record/journal.ts';
import { actorOf } from '../../../src/record/session.ts';
import { patienceMs } from '../../support/patience.ts';
import type { Ground } from '../ground.ts';

const dayMs = 86_400_000;
/** How long each is said to have run healthy. */
const healthyMs = 6 * 3_600_000;

/**
 * Writes into the record what a console that watched the service in the days before would have: that versions ran, and were healthy. Whatever else
 * happens in a drill happens for real; a version that proves itself takes longer than a drill.
 * @param versions oldest first
 */
export const rememberVersions = async (ground: Ground, state: string, versions: readonly string[]): Promise<void> => {
	await mkdir(state, { recursive: true, mode: 0o700 });
	const figures = await figuresOf(ground);
	let now = Date.now() - versions.length * dayMs;
	const journal = await openJournal(join(state, 'journal.db'), { clock: { ...systemClock, now: () => now } });
	try {
		for (const version of versions) {
			const image = `${imageRepository}:${version}`;
			const { Id: imageId } = await ground.docker.getImage(image).inspect();
			const about = { service: `${ground.name}/${serviceNames.api}`, engine: ground.host, image, imageId, since: now };
			await journal.append([{ actor: actorOf(), event: { ...about, kind: 'version_seen', healthyMs: 0, words: 'it runs' } }]);
			now += healthyMs;
			await journal.append([{ actor: actorOf(), event: { ...about, kind: 'version_proved', healthyMs, words: 'healthy for 6 h', figures } }]);
			now += dayMs - healthyMs;
		}
	} finally {
		await journal.close();
	}
};

/** Asked one after the other for the baseline: beside what the range's load generator asks. */
const asked = 100;

/** How the good version does now: the baseline, as the console measures it, from two readings of the service's own counters. */
const figuresOf = async (ground: Ground): Promise<Readonly<Record<string, number>>> => {
	const traffic = new TrafficWindow({ errorPattern: /^5/ });
	const page = async (): Promise<string> => (await fetch(`${ground.url}/metrics`, { signal: AbortSignal.timeout(patienceMs) })).text();
	traffic.take(await page(), performance.now());
	for (let index = 0; index < asked; index++) await ground.get('/api/items/1');
	const seen = traffic.take(await page(), performance.now());
	if (seen.kind !== 'figures' || seen.figures.p95 === undefined) throw new Error('the service counts no requests');
	return { 'http.errorRate': seen.figures.errorRate ?? 0, 'http.p95': seen.figures.p95 };
};
