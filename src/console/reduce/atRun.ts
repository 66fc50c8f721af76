import type { UiState } from '../ui.ts';

/** The run in the pane that has the focus, with its current step selected. */
export const atRun = (ui: UiState): UiState => {
	const { runStep: _step, dialog: _dialog, ...rest } = ui;
	return { ...rest, focus: 'playbook', ...(ui.zoom === undefined ? {} : { zoom: 'playbook' }) };
};
