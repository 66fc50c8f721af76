import type { ContainerSummary } from '../../domain/container.ts';
import type { Engine } from '../../domain/engine.ts';
import { type Act, actsFor, confirmFor } from '../../console/acts.ts';
import { recordedAct } from '../../console/run/recordedAct.ts';
import type { PlaybookPort } from '../playbook/port.ts';
import type { LinearIo } from './io.ts';
import type { MenuEntry } from './menu.ts';

export interface ActionSetting {
	readonly io: LinearIo;
	readonly engine: Engine;
	/** Name of the engine, for the question. */
	readonly host: string;
	readonly readOnly: boolean;
	readonly service: string;
	/** @throws JournalError */
	readonly record: PlaybookPort['record'];
}

/** The same acts as the console's menu. */
export const actionEntries = (setting: ActionSetting, container: ContainerSummary): readonly MenuEntry[] =>
	actsFor(container, setting.readOnly).map((act) => ({
		title: `${act.title} (${act.risk === 'destructive' ? 'destructive' : 'a change'}): ${act.command}`,
		...(act.disabled === undefined ? {} : { disabled: act.disabled }),
		run: async () => {
			await confirmAndRun(setting, container, act);
			return 'stay';
		},
	}));

/** Says what it will do, to what and what is lost; anything but the exact answer cancels. */
const confirmAndRun = async (setting: ActionSetting, container: ContainerSummary, act: Act): Promise<void> => {
	const { io } = setting;
	const dialog = confirmFor(act, container, setting.host);
	io.print(`${dialog.title} It ${act.risk === 'destructive' ? 'is destructive' : 'is a change'}.`);
	io.print(`Engine: ${dialog.host}`);
	io.print(`Target: ${dialog.target}`);
	io.print(`Will run: ${dialog.act}`);
	io.print(`Will be lost: ${dialog.loss}`);
	const wanted = act.risk === 'destructive' ? container.name : 'yes';
	const answer = await io.ask(act.risk === 'destructive' ? `Type ${container.name} to do it; Enter cancels:` : 'Type yes to do it; Enter cancels:');
	if (answer !== wanted) {
		io.print('Cancelled. Nothing was done.');
		return;
	}
	const { outcome, words } = await recordedAct({ act, container, service: setting.service }, setting.engine, setting.record);
	io.print(`${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}: ${words}`);
};
