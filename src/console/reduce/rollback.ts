import { rollbackDialog } from '../run/rollbackDialog.ts';
import type { UiState } from '../ui.ts';
import { atRun } from './atRun.ts';
import { step, type Step } from './effect.ts';
import type { Scene } from './scene.ts';

/** Which service is meant: in the pane of a rollback that of its run, as the selection may have moved on by itself. */
const serviceOf = (ui: UiState, { run, selectedId }: Scene): string | undefined =>
	ui.focus === 'playbook' && run?.state.playbook.kind === 'rollback' ? (run.state.service ?? selectedId) : selectedId;

/** The key `r`: goes to the rollback of the service that is not over, else asks how to begin one. */
export const openRollback = (ui: UiState, scene: Scene): Step => {
	if (scene.readOnly) return step(ui, { kind: 'notice', text: 'this console is read-only: nothing is rolled back from it', tone: 'plain' });
	const service = serviceOf(ui, scene);
	const rollbacks = service === undefined ? undefined : scene.rollbacks(service);
	if (rollbacks === undefined) return step(ui, { kind: 'notice', text: service === undefined ? 'no service is selected' : `there is no service ${service} now`, tone: 'plain' });
	const { running } = rollbacks;
	if (running !== undefined) return running.open ? step(atRun(ui)) : step(atRun(ui), { kind: 'open-run', runId: running.runId, act: true });
	const dialog = rollbackDialog(rollbacks);
	if (dialog === undefined) return step(ui, { kind: 'notice', text: `no playbook rolls ${rollbacks.service} back: sitrep playbook list`, tone: 'plain' });
	return step({ ...ui, dialog });
};
