import type { Action } from '../actions.ts';
import { actsFor, confirmFor, menuItem } from '../acts.ts';
import { paletteItems } from '../palette.ts';
import type { UiState } from '../ui.ts';
import type { ConfirmDialog, Dialog, PaletteItem } from '../view.ts';
import { runMenu } from '../run/asks.ts';
import { openRollback } from './rollback.ts';
import { step, type Step } from './effect.ts';
import { reduceRunDialog } from './runDialogs.ts';
import type { Scene } from './scene.ts';
import { edited, moved } from './text.ts';

/** Rows that a page moves in a dialog: about what fits at 80x24. */
const pageRows = 12;

export const withoutDialog = (ui: UiState): UiState => {
	const { dialog: _dialog, ...rest } = ui;
	return rest;
};

/** Palette items that lead to a service. */
const goTo = (scene: Scene): readonly PaletteItem[] =>
	scene.order.map((id) => ({ id: `go ${id}`, title: `go to ${id}`, keys: '' }));

const openPicker = (ui: UiState, scene: Scene): Step => {
	if (scene.readOnly) return step(ui, { kind: 'notice', text: 'this console is read-only: no playbook runs from it', tone: 'plain' });
	if (scene.offers.length === 0) return step(ui, { kind: 'notice', text: 'no playbook fits: sitrep playbook list', tone: 'plain' });
	const service = scene.selectedId;
	return step({
		...ui,
		dialog: {
			kind: 'picker',
			title: service === undefined ? 'Playbooks' : `Playbooks for ${service}`,
			...(service === undefined ? {} : { service }),
			query: '',
			all: scene.offers,
			items: scene.offers,
			selected: 0,
		},
	});
};

/** Opens a dialog. */
export const openDialog = (ui: UiState, scene: Scene, kind: 'help' | 'palette' | 'menu' | 'playbooks' | 'rollback'): Step => {
	if (kind === 'rollback') return openRollback(ui, scene);
	if (kind === 'playbooks') return openPicker(ui, scene);
	if (kind === 'menu' && ui.focus === 'playbook' && scene.run !== undefined) return step({ ...ui, dialog: runMenu(scene.run) });
	if (kind === 'help') return step({ ...ui, dialog: { kind: 'help', scroll: 0 } });
	if (kind === 'palette') {
		return step({ ...ui, dialog: { kind: 'palette', query: '', items: paletteItems('', goTo(scene)), selected: 0 } });
	}
	const { container } = scene;
	if (container === undefined) return step(ui, { kind: 'notice', text: 'no container to act on', tone: 'plain' });
	const more = scene.containers.length > 1 ? `, 1 of ${scene.containers.length} containers` : '';
	return step({
		...ui,
		dialog: {
			kind: 'menu',
			title: `Act on ${container.name}${more}`,
			items: actsFor(container, scene.readOnly).map(menuItem),
			selected: 0,
			containerId: container.id,
		},
	});
};

const reduceMenu = (ui: UiState, scene: Scene, dialog: Extract<Dialog, { kind: 'menu' }>, action: Action): Step => {
	if (action.kind === 'move') {
		const selected = moved(dialog.selected, dialog.items.length, pageRows, action.by, action.direction);
		return step({ ...ui, dialog: { ...dialog, selected } });
	}
	if (action.kind !== 'accept') return step(ui);
	const container = scene.containers.find((each) => each.id === dialog.containerId);
	if (container === undefined) {
		return step(withoutDialog(ui), { kind: 'notice', text: 'that container is gone', tone: 'plain' });
	}
	const item = dialog.items[dialog.selected];
	const act = actsFor(container, scene.readOnly).find((each) => each.id === item?.id);
	if (act === undefined) return step(ui);
	if (act.disabled !== undefined) return step(ui, { kind: 'notice', text: `${act.title}: ${act.disabled}`, tone: 'plain' });
	return step({ ...ui, dialog: confirmFor(act, container, scene.host) });
};

/** Where lines stand after a move, of which so many are out of sight. */
const scrolled = (scroll: number, most: number, action: Extract<Action, { kind: 'move' }>): number => moved(Math.min(scroll, most), most + 1, pageRows, action.by, action.direction);

const reduceConfirm = (ui: UiState, scene: Scene, dialog: ConfirmDialog, action: Action): Step => {
	switch (action.kind) {
		case 'move':
			return step({ ...ui, dialog: { ...dialog, scroll: scrolled(dialog.scroll ?? 0, scene.dialogMost, action) } });
		case 'button':
			return step({ ...ui, dialog: { ...dialog, focus: dialog.focus === 'cancel' ? 'confirm' : 'cancel' } });
		case 'type':
		case 'erase':
			return step({ ...ui, dialog: { ...dialog, typed: edited(dialog.typed, action) } });
		case 'accept': {
			if (dialog.risk === 'destructive') {
				// The typed name is the confirmation; Enter on anything else cancels nothing and does nothing.
				if (dialog.typed !== dialog.target) {
					return dialog.typed === ''
						? step(withoutDialog(ui), { kind: 'notice', text: 'cancelled', tone: 'plain' })
						: step(ui, { kind: 'notice', text: `type ${dialog.target} to confirm, Esc cancels`, tone: 'plain' });
				}
			} else if (dialog.focus === 'cancel') {
				return step(withoutDialog(ui), { kind: 'notice', text: 'cancelled', tone: 'plain' });
			}
			return step(withoutDialog(ui), dialog.subject.kind === 'act' ? dialog.subject : { kind: 'run', command: { kind: 'confirm', step: dialog.subject.step, ...(dialog.risk === 'destructive' ? { how: 'typed', typed: dialog.typed } : { how: 'key' }) } });
		}
		default:
			return step(ui);
	}
};

const reducePalette = (ui: UiState, scene: Scene, dialog: Extract<Dialog, { kind: 'palette' }>, action: Action): Step => {
	switch (action.kind) {
		case 'move':
			return step({
				...ui,
				dialog: { ...dialog, selected: moved(dialog.selected, dialog.items.length, pageRows, action.by, action.direction) },
			});
		case 'type':
		case 'erase': {
			const query = edited(dialog.query, action);
			return step({ ...ui, dialog: { ...dialog, query, items: paletteItems(query, goTo(scene)), selected: 0 } });
		}
		case 'accept': {
			const item = dialog.items[dialog.selected];
			if (item === undefined) return step(ui);
			const closed = withoutDialog(ui);
			if (item.id.startsWith('go ')) return step({ ...closed, chosen: item.id.slice(3), movedAt: scene.now, healthScroll: 0 });
			return step(closed, { kind: 'command', id: item.id });
		}
		default:
			return step(ui);
	}
};

/** What a key does while a dialog has the keys. */
export const reduceDialog = (ui: UiState, scene: Scene, action: Action): Step => {
	const { dialog } = ui;
	if (dialog === undefined) return step(ui);
	if (action.kind === 'quit') return step(ui, { kind: 'quit' });
	if (action.kind === 'back') {
		return dialog.kind === 'confirm'
			? step(withoutDialog(ui), { kind: 'notice', text: 'cancelled', tone: 'plain' })
			: step(withoutDialog(ui));
	}
	switch (dialog.kind) {
		case 'help':
			if (action.kind !== 'move') return step(ui);
			return step({ ...ui, dialog: { ...dialog, scroll: scrolled(dialog.scroll, scene.dialogMost, action) } });
		case 'menu':
			return reduceMenu(ui, scene, dialog, action);
		case 'confirm':
			return reduceConfirm(ui, scene, dialog, action);
		case 'palette':
			return reducePalette(ui, scene, dialog, action);
		default:
			return reduceRunDialog(ui, scene, dialog, action);
	}
};
