import { defaultRange } from '../../../src/drill/rangeNames.ts';
import { ensureImages } from '../../../src/drill/image.ts';
import { shippedPlaybooks } from '../../drill/drills.ts';
import { byRollback } from '../../drill/rollback/byRollback.ts';
import { rollbackCases } from '../../drill/rollback/cases.ts';
import type { Figure } from '../figure.ts';

const keysPerSecond = 3;
const targetMs = 30_000;
const caseId = 'rollback-crash-0';

export const rollbackPerson: Figure = {
	id: 'rollback-person',
	title: 'Rollback by a person',
	promise: `fault to healthy on the old version <= ${targetMs / 1000} s, at ${keysPerSecond} keys a second`,
	method: `a version that crashes at its start is deployed on the range; from a shell prompt, in a terminal, a person opens the console, presses r, takes the first playbook, decides, takes the version that is suggested, and confirms each change, at most ${keysPerSecond} keys a second: from the moment the fault shows to the service answering health, readiness and requests on the old version, and staying so`,
	async run(bench) {
		await ensureImages(bench.docker, () => {});
		const about = rollbackCases.find(({ id }) => id === caseId);
		const playbook = (await shippedPlaybooks()).find((each) => each.playbook.id === about?.playbook);
		if (about === undefined || playbook === undefined) throw new Error(`there is no case ${caseId}`);
		const untouched = () => Promise.reject(new Error('not in this figure'));
		const engine = { killEngine: untouched, restartEngine: untouched };
		const { recoveredMs, failure, keys, requests, wholeMs, move } = await byRollback({ command: bench.command, host: bench.host, engine, range: defaultRange, playbook, case: about, keysPerSecond });
		if (failure !== undefined || recoveredMs === undefined) throw new Error(failure ?? 'it never was well');
		return [
			{
				measured: `${(recoveredMs / 1000).toFixed(1)} s`,
				reached: recoveredMs <= targetMs,
				beside: [`${keys} keys`, `over, with all that it verifies, after ${(wholeMs / 1000).toFixed(1)} s`, ...(move === undefined ? [] : [`the move took ${(move.tookMs / 1000).toFixed(1)} s`]), ...(requests === undefined ? [] : [`${requests.failed} of ${requests.sent} requests from outside failed while it was made`])],
			},
		];
	},
};
