import { Box } from 'ink';
import { useMemo } from 'react';
import { layout, type PanesLayout } from '../src/console/layout.ts';
import type { Glyphs, Theme } from '../src/console/theme.ts';
import type { ConsoleView } from '../src/console/view.ts';
import { Block } from './Block.tsx';
import { PaneAt } from './panes.tsx';
import { type Pen, piece, row } from './present/cells.ts';
import { presentDialog } from './present/dialogs.ts';
import { presentHints, presentNotice } from './present/footer.ts';
import { glyphSet } from './present/glyphs.ts';
import { livenessPieces, presentHeader } from './present/header.ts';
import { wrapWords } from './present/wrap.ts';

const TooSmall = ({ view, words, pen }: { readonly view: ConsoleView; readonly words: string; readonly pen: Pen }) => {
	const width = Math.max(1, view.columns);
	const { target, liveness, now } = view.header;
	const sentence = wrapWords(words, width).map((text) => row([piece(text, 'strong')], width, pen));
	const engine = row([piece(`${target.name} `), ...livenessPieces(liveness, now)], width, pen);
	return <Block left={0} top={0} width={width} rows={[...sentence, engine].slice(0, Math.max(1, view.rows))} />;
};

const Panes = ({ view, arranged, pen }: { readonly view: ConsoleView; readonly arranged: PanesLayout; readonly pen: Pen }) => {
	const { columns, rows, noticeRow } = arranged;
	const dialog = useMemo(
		() => (view.dialog === undefined ? undefined : presentDialog(view.dialog, columns, rows, pen)),
		[view.dialog, columns, rows, pen],
	);
	const divider = row([piece(pen.glyphs.divider, 'muted')], 1, pen);
	const notice = presentNotice(view.notice, columns, pen);
	// In a low window the notice stands where the key hints are, for the while it lasts.
	const bottom = noticeRow === undefined && view.notice !== undefined ? notice : presentHints(view, columns, pen);
	return (
		<>
			<Block left={0} top={0} width={columns} rows={[presentHeader(view.header, columns, pen)]} />
			{arranged.panes.map((box) => (
				<PaneAt key={box.pane} view={view} box={box} pen={pen} histogramRows={arranged.histogramRows} />
			))}
			{arranged.dividers.map((one) => (
				<Block key={`${one.left}-${one.top}`} left={one.left} top={one.top} width={1} rows={Array.from({ length: one.height }, () => divider)} />
			))}
			<Block left={0} top={noticeRow ?? rows - 1} width={columns} rows={noticeRow === undefined ? [bottom] : [notice, bottom]} />
			{dialog === undefined ? null : <Block left={dialog.left} top={dialog.top} width={dialog.width} rows={dialog.rows} covers />}
		</>
	);
};

/** One frame: a view drawn at its own size. */
export const Screen = ({ view, theme, glyphs }: { readonly view: ConsoleView; readonly theme: Theme; readonly glyphs: Glyphs }) => {
	const pen = useMemo((): Pen => ({ theme, glyphs: glyphSet(glyphs) }), [theme, glyphs]);
	const arranged = useMemo(
		() => layout(view.columns, view.rows, view.focus, { ...(view.zoom === undefined ? {} : { zoom: view.zoom }), playbook: view.playbookPresent, roomy: view.playbookRoomy === true, offers: view.playbookOffers ?? 0 }),
		[view.columns, view.rows, view.focus, view.zoom, view.playbookPresent, view.playbookRoomy, view.playbookOffers],
	);
	return (
		<Box width={Math.max(1, view.columns)} height={Math.max(1, view.rows)}>
			{arranged.kind === 'too-small' ? <TooSmall view={view} words={arranged.words} pen={pen} /> : <Panes view={view} arranged={arranged} pen={pen} />}
		</Box>
	);
};
