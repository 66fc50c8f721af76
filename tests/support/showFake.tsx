import { render } from 'ink';
import { App } from '../../screens/App.tsx';
import { actionFor, contextOf } from '../../src/console/keymap.ts';
import { chooseGlyphs, chooseTheme } from '../../src/console/theme.ts';
import type { ConsoleView } from '../../src/console/view.ts';
import { FakeSource } from './renderView.tsx';
import * as rollbacks from './rollbackViews.ts';
import * as views from './views.ts';

/**
 * Shows a made-up view in a real terminal: `showFake incident`. The name is one of the functions of views.ts.
 * Bundle it first, as Node does not read JSX by itself.
 */
const scenes: Readonly<Record<string, (size: views.Size) => ConsoleView>> = {
	healthy: views.healthy,
	incident: views.incident,
	many: views.many,
	forty: views.allForty,
	empty: views.emptyEngine,
	connecting: views.connecting,
	reconnecting: views.reconnecting,
	stale: views.stale,
	'no-engine': views.noEngine,
	help: views.help,
	palette: views.palette,
	menu: views.menu,
	'confirm-change': views.confirmChange,
	'confirm-destructive': views.confirmDestructive,
	metrics: views.metricsZoomed,
	health: views.healthZoomed,
	'logs-search': views.logsSearch,
	'logs-paused': views.logsPaused,
	'rollback-decides': rollbacks.rollbackDecides,
	'rollback-confirm': rollbacks.rollbackConfirm,
	'rollback-moves': rollbacks.rollbackMoves,
	'rollback-done': rollbacks.rollbackDone,
};

const scene = scenes[process.argv[2] ?? 'incident'];
if (scene === undefined) {
	console.error(`No view of that name. There are: ${Object.keys(scenes).join(', ')}`);
	process.exit(2);
}
const size = (): views.Size => ({ columns: process.stdout.columns, rows: process.stdout.rows });
const source = new FakeSource(scene(size()));
process.stdout.on('resize', () => source.show(scene(size())));
const app = render(
	<App
		source={source}
		theme={chooseTheme(process.env)}
		glyphs={chooseGlyphs(process.env)}
		onKeys={(events) => {
			for (const event of events) {
				const action = actionFor(contextOf(source.view()), event);
				if (action?.kind === 'quit' || action?.kind === 'leave') app.unmount();
				else source.show({ ...source.view(), notice: { text: `${event.key}: ${JSON.stringify(action)}`, tone: 'plain' } });
			}
		}}
	/>,
	{ alternateScreen: true, incrementalRendering: true, exitOnCtrlC: false, patchConsole: false },
);
