import type { Action } from '../actions.ts';
import { panes, type Pane } from '../panes.ts';
import { type UiState, windows } from '../ui.ts';
import { answerDialog, noteDialog, skipDialog } from '../run/asks.ts';
import { openDialog } from './dialogs.ts';
import { step, type Step } from './effect.ts';
import { type Scene, shownStep } from './scene.ts';
import { edited, moved } from './text.ts';

/** Who goes on to a pane reads there of one service: it stays, whatever comes to stand above it. */
const kept = (ui: UiState, scene: Scene, focus: Pane): Pick<UiState, 'chosen'> => (focus === 'services' || ui.chosen !== undefined || scene.selectedId === undefined ? {} : { chosen: scene.selectedId });

const withFocus = (ui: UiState, scene: Scene, focus: Pane): UiState => ({ ...ui, ...kept(ui, scene, focus), focus, ...(ui.zoom === undefined ? {} : { zoom: focus }) });

const withoutZoom = (ui: UiState): UiState => {
	const { zoom: _zoom, ...rest } = ui;
	return rest;
};

const select = (ui: UiState, scene: Scene, by: 'row' | 'half' | 'page' | 'all', direction: -1 | 1): UiState => {
	const from = scene.order.indexOf(scene.selectedId ?? '');
	const chosen = scene.order[moved(Math.max(0, from), scene.order.length, scene.serviceRows, by, direction)];
	if (chosen === undefined) return ui;
	return { ...ui, chosen, movedAt: scene.now, healthScroll: chosen === scene.selectedId ? ui.healthScroll : 0 };
};

const selectStep = (ui: UiState, scene: Scene, by: 'row' | 'half' | 'page' | 'all', direction: -1 | 1): UiState => {
	const { run } = scene;
	if (run === undefined) return ui;
	const from = run.order.indexOf(shownStep(run) ?? '');
	const chosen = run.order[moved(Math.max(0, from), run.order.length, run.rows, by, direction)];
	if (chosen === undefined) return ui;
	// On the current step, or on the last one that a run came to, the selection follows again.
	if (chosen === shownStep({ ...run, selected: undefined })) return withoutStep(ui);
	return { ...ui, runStep: chosen };
};

const withoutStep = (ui: UiState): UiState => {
	const { runStep: _runStep, ...rest } = ui;
	return rest;
};

/** Enter in the playbook pane: what the run asks; the picker where there is none. */
const answer = (ui: UiState, scene: Scene): Step => {
	const { run } = scene;
	if (run === undefined) return openDialog(ui, scene, 'playbooks');
	const dialog = run.state.endedAt === undefined ? answerDialog(run, scene.host) : undefined;
	if (dialog !== undefined) return step({ ...withoutStep(ui), dialog });
	return step(ui, { kind: 'notice', text: run.state.endedAt === undefined ? 'it asks for nothing now; + zooms' : 'the run is over: p opens another playbook, + zooms', tone: 'plain' });
};

const noRun = (ui: UiState): Step => step(ui, { kind: 'notice', text: 'no playbook runs: p lists those that fit', tone: 'plain' });

const move = (ui: UiState, scene: Scene, action: Extract<Action, { kind: 'move' }>): Step => {
	switch (ui.focus) {
		case 'services':
			return step(select(ui, scene, action.by, action.direction));
		case 'logs':
			return step(ui, { kind: 'logs', action });
		case 'metrics':
			return step({ ...ui, metric: moved(ui.metric, scene.seriesCount, scene.seriesCount, action.by, action.direction) });
		case 'playbook':
			return step(selectStep(ui, scene, action.by, action.direction));
		case 'health':
			return step({ ...ui, healthScroll: moved(Math.min(ui.healthScroll, scene.healthMost), scene.healthMost + 1, scene.healthRows, action.by, action.direction) });
	}
};

/** Leaves the innermost thing: zoom, filter, pane. `undefined` where there is nothing left to leave. */
const back = (ui: UiState): UiState | undefined => {
	if (ui.zoom !== undefined) return withoutZoom(ui);
	if (ui.focus !== 'services') return { ...ui, focus: 'services' };
	if (ui.filter !== '') return { ...ui, filter: '' };
	return undefined;
};

/** What a key does while the panes have the keys. */
export const reducePanes = (ui: UiState, scene: Scene, action: Action): Step => {
	switch (action.kind) {
		case 'move':
			return move(ui, scene, action);
		case 'focus':
			return step(withFocus(ui, scene, action.pane));
		case 'focus-step': {
			const next = panes[(panes.indexOf(ui.focus) + action.direction + panes.length) % panes.length];
			return step(next === undefined ? ui : withFocus(ui, scene, next));
		}
		case 'zoom':
			return step(ui.zoom === undefined ? { ...ui, zoom: ui.focus } : withoutZoom(ui));
		case 'open':
			if (ui.focus === 'playbook') return answer(ui, scene);
			if (ui.focus === 'services') return step({ ...withFocus(ui, scene, 'logs') });
			return step(ui.zoom === undefined ? { ...ui, zoom: ui.focus } : ui);
		case 'back':
			return step(back(ui) ?? ui);
		case 'leave': {
			const left = back(ui);
			return left === undefined ? step(ui, { kind: 'quit' }) : step(left);
		}
		case 'search':
			if (ui.focus === 'services') return step({ ...ui, filterPrompt: { before: ui.filter } });
			return step({ ...withFocus(ui, scene, 'logs') }, { kind: 'logs', action });
		case 'match':
		case 'invert':
		case 'keep-only':
		case 'level-step':
		case 'min-level':
		case 'follow':
		case 'timestamps':
		case 'wrap':
		case 'columns':
		case 'fold':
		case 'since':
			return step(ui, { kind: 'logs', action });
		case 'window': {
			const index = moved(windows.indexOf(ui.windowMs), windows.length, windows.length, 'row', action.direction);
			return step({ ...ui, windowMs: windows[index] ?? ui.windowMs });
		}
		case 'skip-step': {
			const current = scene.run?.state.current;
			if (scene.run === undefined || current === undefined) return noRun(ui);
			return step({ ...ui, dialog: skipDialog(current, scene.run.state.playbook.steps.find((each) => each.id === current)?.title ?? current) });
		}
		case 'note':
			return scene.run === undefined ? noRun(ui) : step({ ...ui, dialog: noteDialog(scene.run.selected ?? scene.run.state.current) });
		case 'reorder':
			return step({ ...ui, movedAt: Number.NEGATIVE_INFINITY });
		case 'quit':
		case 'redraw':
		case 'theme':
		case 'copy':
		case 'save':
			return step(ui, { kind: action.kind });
		default:
			return step(ui);
	}
};

/** What a key does while a filter is typed into the services pane: it filters as one types. */
export const reduceFilter = (ui: UiState, scene: Scene, action: Action): Step => {
	const { filterPrompt, ...rest } = ui;
	if (filterPrompt === undefined) return step(ui);
	switch (action.kind) {
		case 'type':
		case 'erase':
			return step({ ...ui, filter: edited(ui.filter, action), movedAt: scene.now });
		case 'accept':
			return step(rest);
		case 'back':
			return step({ ...rest, filter: filterPrompt.before });
		default:
			return step(ui);
	}
};
