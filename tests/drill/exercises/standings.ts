import type { Ground, Standing } from '../ground.ts';

const also = async (ground: Ground, more: () => Promise<Standing>): Promise<Standing> => {
	const standing = await ground.standing();
	return standing.well ? more() : standing;
};

const well: Standing = { well: true, words: 'well' };

/** So many requests in a row are answered well: with half of them failing, one in a thousand looks would be deceived. */
const requests = 10;

/** No request fails. */
export const withoutErrors = (ground: Ground): Promise<Standing> =>
	also(ground, async () => {
		const answers = await Promise.all(Array.from({ length: requests }, async () => ground.get('/api/items/1')));
		const failed = answers.filter(({ status }) => status !== 200).length;
		return failed === 0 ? well : { well: false, words: `${failed} of ${requests} requests fail` };
	});

/** The runbook's alert: 1 s. */
const slowMs = 1000;

/** Answers come in time. */
export const fast = (ground: Ground): Promise<Standing> =>
	also(ground, async () => {
		const { durationMs } = await ground.get('/api/items');
		return durationMs < slowMs ? well : { well: false, words: `an answer takes ${Math.round(durationMs)} ms` };
	});

/** Memory is below the alert's 90 %. */
export const withMemory = (ground: Ground): Promise<Standing> =>
	also(ground, async () => {
		const { memoryPercent } = await ground.usage();
		return memoryPercent < 90 ? well : { well: false, words: `memory at ${Math.round(memoryPercent)} %` };
	});

/** Far above what the service needs, far below a loop that gets its quota, even on a busy machine. */
const muchOfQuota = 0.3;

/** CPU to spare. */
export const withCpu = (ground: Ground): Promise<Standing> =>
	also(ground, async () => {
		const [{ cpuPercent }, inspected] = await Promise.all([ground.usage(), ground.inspect()]);
		const quota = ((inspected?.HostConfig.NanoCpus ?? 0) / 1e9) * 100;
		return quota === 0 || cpuPercent < muchOfQuota * quota ? well : { well: false, words: `${Math.round(cpuPercent)} % CPU of ${quota} %` };
	});

/** Room on the disk, below the alert's 80 %. */
export const withRoom = (ground: Ground): Promise<Standing> =>
	also(ground, async () => {
		const percent = await ground.diskPercent();
		return percent < 80 ? well : { well: false, words: `the disk is at ${Math.round(percent)} %` };
	});

/** The log speaks of nearly no errors, seconds looked back at. */
export const quiet = (ground: Ground): Promise<Standing> =>
	also(ground, async () => {
		const errors = (await ground.log(2)).split('"ERROR"').length - 1;
		return errors <= 2 ? well : { well: false, words: `${errors} errors in 2 s` };
	});
