import { commonPrefix } from './text.ts';
import type { Param } from '../../src/domain/playbook/param.ts';
import type { Playbook } from '../../src/domain/playbook/playbook.ts';
import { patienceMs } from '../support/patience.ts';
import { keys, type TestTerminal } from '../support/terminal.ts';
import type { Exercise } from './exercise.ts';
import type { Ground } from './ground.ts';
import { type Pane, readDialog, readPane } from './screen.ts';
import type { Typist } from './typist.ts';

/** How long a run may take from its start, ms. */
const runLimitMs = 600_000;

export interface Offered {
	/** Place in the picker, from 1. */
	readonly place: number;
	/** Why it was listed: the alert that fires. */
	readonly why: string;
}

/** The person at the console: reads the screen, presses keys, and knows nothing else of the program. */
export class Person {
	readonly #terminal: TestTerminal;
	readonly #hands: Typist;
	readonly #exercise: Exercise;
	readonly #ground: Ground;
	/** How often each branch has asked. */
	readonly #asked = new Map<string, number>();

	constructor(terminal: TestTerminal, hands: Typist, exercise: Exercise, ground: Ground) {
		this.#terminal = terminal;
		this.#hands = hands;
		this.#exercise = exercise;
		this.#ground = ground;
	}

	/**
	 * Goes to the row of a service.
	 * @param alertMs how long the person waits for it to be in trouble
	 * @returns what the row says, empty where it says of no trouble
	 */
	async goTo(service: string, alertMs: number): Promise<string> {
		const row = new RegExp(`^[> ](\\S+) +${service} +(.+?)(?: {2}|$)`);
		await this.#sees((terminal) => terminal.screen().some((line) => row.test(line)), `the row of ${service}`);
		const said = (): string => {
			const found = this.#terminal.screen().map((line) => row.exec(line)).find((each) => each !== null);
			return /^P\d$/.test(found?.[1] ?? '') ? `${found?.[1] ?? ''} ${found?.[2] ?? ''}` : '';
		};
		if (alertMs > 0) await this.#sees(() => said() !== '', 'an alert', alertMs).catch(() => undefined);
		const away = (): number => {
			const lines = this.#terminal.screen();
			return lines.findIndex((line) => row.test(line)) - lines.findIndex((line) => /^>\S/.test(line));
		};
		for (let tries = 0; tries < 20; tries++) {
			const before = away();
			if (before === 0) return said();
			await this.#hands.press(before > 0 ? 'j' : 'k');
			// Rows may change places meanwhile: what counts is where it stands after the key.
			await this.#sees(() => away() !== before, 'the selection to move', 2000).catch(() => undefined);
		}
		throw new Error(`cannot get to the row of ${service}; the screen:\n${this.#terminal.text()}`);
	}

	/** Leaves only the rows that match. */
	async filter(text: string): Promise<void> {
		await this.#hands.type(`/${text}`);
		await this.#hands.press(keys.enter);
		await this.#sees(`filter /${text}`, 'the filter');
	}

	/** Opens the picker, finds the playbook in it, fills in its form and starts it. */
	async start(playbook: Playbook): Promise<Offered> {
		await this.#hands.press('p');
		await this.#sees((terminal) => readDialog(terminal)?.title.startsWith('Playbooks for') === true, 'the picker');
		const offered = await this.#pick(playbook);
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => terminal.text().includes('> Start <') || terminal.text().includes('Dry run'), 'the form');
		await this.#fill(playbook);
		await this.#sees('> Start <', 'the button to start');
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => readPane(terminal) !== undefined, 'the run in its pane');
		return offered;
	}

	/** Opens the ways to roll the service back, takes the playbook where it is offered, gives what its form asks for, and starts it. */
	async rollBack(playbook: Playbook, service: string): Promise<Offered> {
		await this.#openWays(service);
		const rows = readDialog(this.#terminal)?.rows ?? [];
		const place = rows.findIndex((row) => row.text.startsWith(playbook.title));
		const why = rows[place]?.text.slice(playbook.title.length).trim() ?? '';
		const first = rows.findIndex((row) => row.selected);
		await this.#select(playbook.title);
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => readDialog(terminal) === undefined || terminal.text().includes('Dry run'), 'the form, or the run');
		if (readDialog(this.#terminal) !== undefined) {
			await this.#fill(playbook);
			await this.#sees('> Start <', 'the button to start');
			await this.#hands.press(keys.enter);
		}
		await this.#sees((terminal) => same(readPane(terminal)?.title ?? '', playbook.title), 'the run in its pane');
		return { place: place - first + 1, why };
	}

	/** Rows may change places until a key was pressed: which service is meant stands in the title, and the person reads it. */
	async #openWays(service: string): Promise<void> {
		for (let tries = 0; tries < 5; tries++) {
			await this.#hands.press('r');
			await this.#sees((terminal) => readDialog(terminal)?.title.startsWith('Roll back ') === true, 'the ways to roll back');
			if (readDialog(this.#terminal)?.title.endsWith(`/${service}`) === true) return;
			await this.#hands.press(keys.escape);
			await this.#sees((terminal) => readDialog(terminal) === undefined, 'the list to close');
			await this.goTo(service, 0);
		}
		throw new Error(`r does not roll ${service} back; the screen:\n${this.#terminal.text()}`);
	}

	/** Answers everything the run asks, until it is over. */
	async seeThrough(playbook: Playbook): Promise<void> {
		const deadline = performance.now() + runLimitMs;
		let answered = '';
		const keyOf = (pane: Pane): string => `${pane.title}|${pane.position ?? ''}|${pane.ask}|${pane.next}`;
		for (;;) {
			await this.#sees(
				(terminal) => {
					const pane = readPane(terminal);
					return pane !== undefined && readDialog(terminal) === undefined && (isOver(pane, playbook) || (asks(pane) && keyOf(pane) !== answered));
				},
				'the run to ask for something, or to be over',
				deadline - performance.now(),
			);
			const pane = readPane(this.#terminal);
			if (pane === undefined) continue;
			if (isOver(pane, playbook)) return;
			answered = keyOf(pane);
			await this.#answer(pane);
			// What was answered is gone from the screen a moment later; until then it is no new question.
			await this.#sees((terminal) => {
				const now = readPane(terminal);
				return now !== undefined && readDialog(terminal) === undefined && keyOf(now) !== answered;
			}, `the answer to "${pane.ask}" to be taken`);
			answered = '';
		}
	}

	async #answer(pane: Pane): Promise<void> {
		const { ask, next } = pane;
		if (this.#exercise.skip?.some((title) => same(next, title)) === true) return this.#skip();
		if (ask.startsWith('run it? ')) return this.#confirm();
		if (ask.startsWith('DESTRUCTIVE: type ')) return this.#confirmTyped();
		if (ask.startsWith('failed: ')) return this.#decide(next);
		if (ask.startsWith('which cause is it?') || isDecision(ask)) return this.#choose(next);
		if (ask.startsWith('do this by hand')) return this.#manual(next);
		if (ask.includes('values are asked for')) return this.#give(next);
		if (ask.startsWith('go on with ')) return this.#takeFirst();
		if (ask.endsWith('Enter: choose')) return this.#takeOffered(next);
		throw new Error(`nobody was prepared for "${ask}" at "${next}"; the screen:\n${this.#terminal.text()}`);
	}

	async #confirm(): Promise<void> {
		await this.#hands.press(keys.enter);
		await this.#sees('> Cancel <', 'the confirmation');
		await this.#hands.press(keys.tab);
		await this.#sees((terminal) => !terminal.text().includes('> Cancel <'), 'the other button');
		await this.#hands.press(keys.enter);
	}

	async #confirmTyped(): Promise<void> {
		await this.#hands.press(keys.enter);
		const asked = /Type (.+?) to confirm/;
		await this.#sees((terminal) => asked.test(terminal.text()), 'what has to be typed');
		// The whole name: the ask line may cut a long one.
		const name = asked.exec(this.#terminal.text())?.[1] ?? '';
		await this.#hands.type(name);
		await this.#hands.press(keys.enter);
	}

	async #choose(branch: string): Promise<void> {
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => readDialog(terminal)?.rows.some((row) => row.selected) === true, 'the causes');
		const times = this.#asked.get(branch) ?? 0;
		this.#asked.set(branch, times + 1);
		const wanted = Object.entries(this.#exercise.choose ?? {}).find(([title]) => same(branch, title))?.[1][times] ?? '';
		if (wanted !== '') await this.#select(wanted);
		await this.#hands.press(keys.enter);
	}

	/** A step has failed: what the person was prepared for. */
	async #decide(step: string): Promise<void> {
		const prepared = Object.entries(this.#exercise.failed ?? {}).find(([title]) => same(step, title))?.[1];
		if (prepared === undefined) throw new Error(`nobody was prepared for "${step}" to fail; the screen:\n${this.#terminal.text()}`);
		await prepared.work?.(this.#ground, this.#terminal.text());
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => readDialog(terminal)?.rows.some((row) => row.selected) === true, 'the ways on');
		await this.#select(prepared.choose);
		await this.#hands.press(keys.enter);
		if (prepared.choose !== 'Skip it') return;
		await this.#sees((terminal) => readDialog(terminal)?.title.startsWith('Skip') === true, 'the question whether to skip');
		await this.#hands.press(keys.enter);
	}

	async #manual(step: string): Promise<void> {
		const work = Object.entries(this.#exercise.byHand ?? {}).find(([title]) => same(step, title))?.[1];
		if (work === undefined) throw new Error(`nobody was prepared to do "${step}" by hand; the screen:\n${this.#terminal.text()}`);
		await work(this.#ground);
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => readDialog(terminal)?.rows.some((row) => row.selected) === true, 'the checklist');
		for (;;) {
			const selected = readDialog(this.#terminal)?.rows.find((row) => row.selected)?.text ?? '';
			await this.#hands.press(keys.enter);
			if (!selected.startsWith('[ ]')) return;
			await this.#sees((terminal) => readDialog(terminal)?.rows.find((row) => row.selected)?.text !== selected, 'the item to be ticked');
		}
	}

	async #give(step: string): Promise<void> {
		const value = Object.entries(this.#exercise.give ?? {}).find(([title]) => same(step, title))?.[1];
		if (value === undefined) throw new Error(`nobody was prepared to give values for "${step}"; the screen:\n${this.#terminal.text()}`);
		await this.#hands.press(keys.enter);
		await this.#sees('  Give  ', 'the form');
		await this.#hands.type(value(this.#ground));
		await this.#hands.press(keys.enter);
		await this.#sees('> Give <', 'the button');
		await this.#hands.press(keys.enter);
	}

	async #skip(): Promise<void> {
		await this.#hands.press('s');
		await this.#sees((terminal) => readDialog(terminal)?.title.startsWith('Skip') === true, 'the question whether to skip');
		await this.#hands.press(keys.enter);
	}

	async #takeFirst(): Promise<void> {
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => readDialog(terminal)?.rows.some((row) => row.selected) === true, 'the question');
		await this.#hands.press(keys.enter);
	}

	/** A value that is offered: the one suggested, where nothing else was prepared. */
	async #takeOffered(step: string): Promise<void> {
		await this.#hands.press(keys.enter);
		await this.#sees((terminal) => readDialog(terminal)?.rows.some((row) => row.selected) === true, 'what is offered');
		const wanted = Object.entries(this.#exercise.offered ?? {}).find(([title]) => same(step, title))?.[1];
		if (wanted !== undefined) await this.#select(wanted);
		await this.#hands.press(keys.enter);
	}

	/** Goes to the row of the open list that begins with a text. */
	async #select(wanted: string): Promise<void> {
		const at = (): { readonly wanted: number; readonly selected: number } => {
			const rows = readDialog(this.#terminal)?.rows ?? [];
			return { wanted: rows.findIndex((row) => row.text.startsWith(wanted)), selected: rows.findIndex((row) => row.selected) };
		};
		for (let tries = 0; tries < 30; tries++) {
			const { wanted: goal, selected } = at();
			if (goal === -1) throw new Error(`there is no "${wanted}" in the list; the screen:\n${this.#terminal.text()}`);
			if (goal === selected) return;
			await this.#hands.press(goal > selected ? keys.down : keys.up);
			await this.#sees(() => at().selected !== selected, 'another row to be selected');
		}
		throw new Error(`cannot get to "${wanted}"; the screen:\n${this.#terminal.text()}`);
	}

	/** Takes the playbook where it stands among the first, else types its title. */
	async #pick({ title, id }: Playbook): Promise<Offered> {
		const rowsNow = () => (readDialog(this.#terminal)?.rows ?? []).slice(2);
		const isIt = (text: string): boolean => same(text.replace(/^P\d /, '').split(/ {2}/)[0] ?? '', title);
		const place = rowsNow().findIndex((row) => isIt(row.text)) + 1;
		const why = rowsNow()[place - 1]?.text.split(/ {2,}/).at(-1) ?? '';
		if (place === 0 || place > 6) {
			await this.#hands.type(place === 0 ? id : title);
			await this.#sees((terminal) => (readDialog(terminal)?.rows[0]?.text ?? '').includes(place === 0 ? id : title), 'what was typed');
		}
		for (let tries = 0; tries < 20; tries++) {
			const rows = rowsNow();
			const selected = rows.findIndex((row) => row.selected);
			if (isIt(rows[selected]?.text ?? '')) return { place, why };
			await this.#hands.press(keys.down);
			await this.#sees(() => rowsNow().findIndex((row) => row.selected) !== selected, 'another row to be selected');
		}
		throw new Error(`the playbook "${title}" cannot be picked; the screen:\n${this.#terminal.text()}`);
	}

	/** Gives the values that differ from those that stand in the form. */
	async #fill(playbook: Playbook): Promise<void> {
		const names = Object.keys(playbook.params);
		const wanted = Object.entries(this.#exercise.values?.(this.#ground) ?? {}).filter(([name, value]) => names.includes(name) && String(playbook.params[name]?.default ?? '') !== value);
		// The cursor stands on the button to start, or on the first field that is missing.
		let at = this.#terminal.text().includes('> Start <') ? names.length : names.findIndex((name) => isMissing(playbook.params[name]));
		for (const [name, value] of wanted) {
			const goal = names.indexOf(name);
			at = await this.#step(at, goal);
			const old = String(playbook.params[name]?.default ?? '');
			const kept = commonPrefix(old, value);
			await this.#hands.press(...Array.from({ length: old.length - kept }, () => keys.backspace));
			await this.#hands.type(value.slice(kept));
		}
		await this.#step(at, names.length);
	}

	async #step(from: number, to: number): Promise<number> {
		const back = from > to;
		await this.#hands.press(...Array.from({ length: Math.abs(to - from) }, () => (back ? keys.up : keys.down)));
		return to;
	}

	async #sees(wanted: string | ((terminal: TestTerminal) => boolean), what: string, timeout = patienceMs): Promise<void> {
		await this.#terminal.waitFor(wanted, { what, timeout: Math.max(1, timeout) });
	}
}

/** A cut text, with the mark of what was left out, is the beginning of the whole one. */
const same = (shown: string, whole: string): boolean => shown !== '' && (shown === whole || (shown.endsWith('…') && whole.startsWith(shown.slice(0, -1))));

const isMissing = (param: Param | undefined): boolean => param !== undefined && param.default === undefined && !param.optional;

/** A table of decision: how many of its criteria are met. */
const isDecision = (ask: string): boolean => /\b(?:met|cannot be told)\b.*Enter: decide$/.test(ask);

const asks = ({ ask }: Pane): boolean => /Enter: /.test(ask);

const isOver = ({ title, position, ask }: Pane, playbook: Playbook): boolean => position === undefined && same(title, playbook.title) && /^(?:done|OVER) /.test(ask);
