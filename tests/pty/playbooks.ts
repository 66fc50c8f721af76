import { keys, type TestTerminal } from '../support/terminal.ts';

/** Opens the picker, chooses the test playbook of that id (see `makeRunHome`), and stops at its form. */
export const openForm = async (terminal: TestTerminal, id: string): Promise<void> => {
	terminal.type('p');
	await terminal.waitFor('type to filter', { what: 'the picker' });
	terminal.type(`Test ${id}`);
	await terminal.waitFor(`/ Test ${id}`);
	terminal.type(keys.enter);
	await terminal.waitFor('Dry run', { what: 'the form' });
};

/** Starts it with the values it has. */
export const startRun = async (terminal: TestTerminal, id: string): Promise<void> => {
	await openForm(terminal, id);
	await terminal.waitFor('> Start <');
	terminal.type(keys.enter);
	await terminal.waitFor(`PLAYBOOK Test ${id} `, { what: 'the run in its pane' });
};

/** Confirms the change that the run waits with. */
export const confirmChange = async (terminal: TestTerminal, title: string): Promise<void> => {
	await terminal.waitFor(new RegExp(`>next ${title} `), { what: `${title} to come next` });
	await terminal.waitFor('run it? CHANGE');
	terminal.type(keys.enter);
	await terminal.waitFor('> Cancel <');
	terminal.type(keys.tab);
	await terminal.waitFor(`> ${title} <`);
	terminal.type(keys.enter);
};

/** Goes to an entry of the list that is open, and chooses it. The first one is selected when it opens. */
export const choose = (rows: number): string => `${'j'.repeat(rows)}${keys.enter}`;
