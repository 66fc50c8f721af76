import { useMemo } from 'react';
import type { PaneBox } from '../src/console/layout.ts';
import type { ConsoleView } from '../src/console/view.ts';
import { Block } from './Block.tsx';
import type { Pen } from './present/cells.ts';
import { presentHealth } from './present/health.ts';
import { notCurrent } from './present/header.ts';
import { presentLogs } from './present/logs.ts';
import { presentMetrics } from './present/metrics.ts';
import { presentPlaybook } from './present/playbook.ts';
import { presentServices } from './present/services.ts';

interface PaneProps {
	readonly view: ConsoleView;
	readonly box: PaneBox;
	readonly pen: Pen;
}

const place = (box: PaneBox, presented: { readonly title: string; readonly rows: readonly string[] }) => (
	<Block left={box.left} top={box.top} width={box.width} rows={[presented.title, ...presented.rows]} />
);

const Services = ({ view, box, pen }: PaneProps) => {
	const focused = view.focus === 'services';
	const warning = notCurrent(view.header.liveness, view.header.now);
	const presented = useMemo(
		() => presentServices(view.services, { width: box.width, height: box.height, focused, ...(warning === undefined ? {} : { notCurrent: warning }) }, pen),
		[view.services, box.width, box.height, focused, warning, pen],
	);
	return place(box, presented);
};

const Health = ({ view, box, pen }: PaneProps) => {
	const focused = view.focus === 'health';
	const stale = view.header.liveness.kind !== 'live' && view.header.liveness.kind !== 'connecting';
	// Ages are said in whole seconds.
	const now = Math.floor(view.header.now / 1000) * 1000;
	const presented = useMemo(
		() => presentHealth(view.health, { width: box.width, height: box.height, focused, now, stale }, pen),
		[view.health, box.width, box.height, focused, now, stale, pen],
	);
	return place(box, presented);
};

const Metrics = ({ view, box, pen }: PaneProps) => {
	const focused = view.focus === 'metrics';
	const now = Math.floor(view.header.now / 1000) * 1000;
	const presented = useMemo(
		() => presentMetrics(view.metrics, { width: box.width, height: box.height, focused, now }, pen),
		[view.metrics, box.width, box.height, focused, now, pen],
	);
	return place(box, presented);
};

const Logs = ({ view, box, pen, histogramRows }: PaneProps & { readonly histogramRows: number }) => {
	const focused = view.focus === 'logs';
	const presented = useMemo(
		() => presentLogs(view.logs, { width: box.width, height: box.height, focused, histogramRows }, pen),
		[view.logs, box.width, box.height, focused, histogramRows, pen],
	);
	return place(box, presented);
};

const Playbook = ({ view, box, pen }: PaneProps) => {
	const focused = view.focus === 'playbook';
	const presented = useMemo(() => presentPlaybook(view.playbook, { width: box.width, height: box.height, focused }, pen), [view.playbook, box.width, box.height, focused, pen]);
	return place(box, presented);
};

/** The pane that stands in a box. */
export const PaneAt = (props: PaneProps & { readonly histogramRows: number }) => {
	switch (props.box.pane) {
		case 'services':
			return <Services {...props} />;
		case 'health':
			return <Health {...props} />;
		case 'metrics':
			return <Metrics {...props} />;
		case 'logs':
			return <Logs {...props} />;
		case 'playbook':
			return <Playbook {...props} />;
	}
};
