import type { Service } from '../../domain/service.ts';
import type { PaneWords } from '../view.ts';
import type { LogRings } from './rings.ts';

/** The least live of the states of the containers whose logs are merged; `''` where there is none. */
export const mergedState = (rings: Pick<LogRings, 'state'>, service: Service | undefined): string => {
	const states = (service?.containers ?? []).map((container) => rings.state(container.id));
	return states.find((state) => state !== 'live' && state !== 'stopped') ?? states.find((state) => state === 'live') ?? states[0] ?? '';
};

/** Said where the service has no ring. */
export const noRingWords = (service: Service | undefined, state: string): PaneWords => {
	if (service === undefined) return { kind: 'empty', text: 'No service is selected.' };
	return { kind: state === '' || state === 'connecting' ? 'loading' : 'empty', text: state === '' ? 'waiting for the log' : state };
};

/** Said where there is a log, and no line of it to show. @param lines it has */
export const emptyWords = (lines: number, state: string): PaneWords => {
	if (lines > 0) return { kind: 'empty', text: `None of ${lines.toLocaleString('en')} lines passes the filters.`, advice: '& shows all lines, l changes the level, 0 takes the time limit away' };
	if (state === 'connecting') return { kind: 'loading', text: 'reading the log' };
	return { kind: 'empty', text: state === 'live' ? 'It has written nothing yet.' : state };
};
