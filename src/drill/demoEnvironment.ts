import { join } from 'node:path';
import type { DemoRecord } from './demoRecord.ts';

/**
 * What the console of the demo is started with, beside the environment. On an engine of the demo's own the record is kept with it, and goes with
 * it: a run on containers that are gone would be offered for ever. On somebody's engine all that is done is theirs, and so is its record.
 * @param folder the demo's
 */
export const demoEnvironment = (env: Readonly<Record<string, string | undefined>>, { host, privateEngine }: Pick<DemoRecord, 'host' | 'privateEngine'>, folder: string): Readonly<Record<string, string>> => ({
	DOCKER_HOST: host,
	...(privateEngine && env['SITREP_STATE_DIR'] === undefined ? { SITREP_STATE_DIR: join(folder, 'state') } : {}),
});
