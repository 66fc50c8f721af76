import xterm from '@xterm/headless';

/** A cell as a person sees it. Colours are palette numbers, `#rrggbb`, or absent for the terminal's own. */
export interface SeenCell {
	readonly text: string;
	readonly foreground?: number | string;
	readonly background?: number | string;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly inverse: boolean;
}

/** A real terminal emulator without a window: what it holds is what a person would see. */
export class Emulator {
	readonly #terminal: xterm.Terminal;
	/** What programs set it to (OSC 0 and 2); empty until then. */
	title = '';
	cursorShown = true;
	/** True between the begin and the end of a synchronised update (mode 2026): what stands there is half a frame. */
	updating = false;
	/** Clipboard texts that programs asked the terminal to hold (OSC 52), still in base64. */
	readonly clipboard: string[] = [];
	bells = 0;

	/** @param answer gets what the terminal sends back by itself, such as its position reports */
	constructor(columns: number, rows: number, answer: (text: string) => void) {
		this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
		this.#terminal.onTitleChange((title) => {
			this.title = title;
		});
		this.#terminal.onBell(() => {
			this.bells++;
		});
		this.#terminal.onData(answer);
		const { parser } = this.#terminal;
		const cursorMode = (shown: boolean) => (params: readonly (number | number[])[]) => {
			if (params.includes(25)) this.cursorShown = shown;
			if (params.includes(2026)) this.updating = shown;
			return false;
		};
		parser.registerCsiHandler({ prefix: '?', final: 'h' }, cursorMode(true));
		parser.registerCsiHandler({ prefix: '?', final: 'l' }, cursorMode(false));
		parser.registerOscHandler(52, (data) => {
			this.clipboard.push(data);
			return true;
		});
	}

	get columns(): number {
		return this.#terminal.cols;
	}

	get rows(): number {
		return this.#terminal.rows;
	}

	get alternateScreen(): boolean {
		return this.#terminal.buffer.active.type === 'alternate';
	}

	get bracketedPaste(): boolean {
		return this.#terminal.modes.bracketedPasteMode;
	}

	/** Resolves once the bytes are on the screen. */
	async write(bytes: Uint8Array): Promise<void> {
		return new Promise((resolve) => {
			this.#terminal.write(bytes, resolve);
		});
	}

	resize(columns: number, rows: number): void {
		this.#terminal.resize(columns, rows);
	}

	/** The lines in view, top first, without the blanks at their ends. */
	lines(): readonly string[] {
		const { active } = this.#terminal.buffer;
		return Array.from({ length: this.rows }, (_, row) => (active.getLine(active.viewportY + row)?.translateToString(true) ?? '').trimEnd());
	}

	/** Everything the buffer in use holds, the lines that scrolled out included. */
	allLines(): readonly string[] {
		const { active } = this.#terminal.buffer;
		return Array.from({ length: active.length }, (_, row) => (active.getLine(row)?.translateToString(true) ?? '').trimEnd());
	}

	/** The cells of one line in view. The second half of a wide character is left out. */
	cells(row: number): readonly SeenCell[] {
		const { active } = this.#terminal.buffer;
		const line = active.getLine(active.viewportY + row);
		const seen: SeenCell[] = [];
		for (let column = 0; column < this.columns; column++) {
			const cell = line?.getCell(column);
			if (cell === undefined || cell.getWidth() === 0) continue;
			const foreground = colour(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor());
			const background = colour(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor());
			seen.push({
				text: cell.getChars() === '' ? ' ' : cell.getChars(),
				...(foreground === undefined ? {} : { foreground }),
				...(background === undefined ? {} : { background }),
				bold: cell.isBold() !== 0,
				dim: cell.isDim() !== 0,
				inverse: cell.isInverse() !== 0,
			});
		}
		return seen;
	}

	dispose(): void {
		this.#terminal.dispose();
	}
}

const colour = (isDefault: boolean, isRgb: boolean, value: number): number | string | undefined => {
	if (isDefault) return undefined;
	return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;
};
