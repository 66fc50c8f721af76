import type { UiState } from '../ui.ts';

/**
 * The run in the pane that has the focus, with its current step selected.
 * @param service the one it is about: it stays selected, so that its health and its log stand beside the run whatever becomes worse
 */
export const atRun = (ui: UiState, service?: string): UiState => {
	const { runStep: _step, dialog: _dialog, ...rest } = ui;
	return { ...rest, focus: 'playbook', ...(ui.zoom === undefined ? {} : { zoom: 'playbook' }), ...(service === undefined ? {} : { chosen: service }) };
};
