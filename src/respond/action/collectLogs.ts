import type { ContainerSummary } from '../../domain/container.ts';
import type { ContainerAction } from '../../domain/playbook/step.ts';
import type { StepOutcome } from '../../domain/run/event.ts';
import { endOf, maxTextBytes } from './endWords.ts';
import type { ActionPorts } from './ports.ts';
import { defaultTail } from './resolve.ts';

/** Bound of the lines collected, bytes: what is beyond it is counted, not kept. */
const maxLogBytes = 8 * 1024 * 1024;

interface Piece {
	readonly stream: 'stdout' | 'stderr';
	readonly bytes: Uint8Array;
}

export interface CollectedLogs {
	readonly outcome: StepOutcome;
	readonly words: string;
	readonly output: readonly Piece[];
	readonly result: Readonly<Record<string, unknown>>;
}

const textOf = (pieces: readonly Piece[], stream: Piece['stream']): string =>
	endOf(Buffer.concat(pieces.filter((piece) => piece.stream === stream).map((piece) => piece.bytes)).toString('utf8'), maxTextBytes);

/** Reads the last lines of a container's log. A terminal's one stream counts as stdout. @throws EngineError */
export const collectLogs = async (action: ContainerAction, container: ContainerSummary, signal: AbortSignal, ports: ActionPorts): Promise<CollectedLogs> => {
	const pieces: Piece[] = [];
	let bytes = 0;
	let lines = 0;
	let left = 0;
	const since = action.sinceSeconds === undefined ? {} : { since: ((ports.clock.now() - action.sinceSeconds * 1000) / 1000).toFixed(3) };
	const end = await ports.engine.logs(
		container.id,
		{ follow: false, tail: action.tail ?? defaultTail, ...since, signal },
		{
			line(from, start, stop, _at, _nanos, stream) {
				lines++;
				if (bytes + stop - start > maxLogBytes) {
					left++;
					return;
				}
				const line = Buffer.alloc(stop - start + 1, '\n');
				line.set(from.subarray(start, stop));
				pieces.push({ stream: stream === 'stderr' ? 'stderr' : 'stdout', bytes: line });
				bytes += line.length;
			},
		},
	);
	// An engine that was asked to stop ends the stream quietly: what came by then is not the answer.
	signal.throwIfAborted();
	if (end.kind === 'unsupported') return { outcome: 'failed', words: `its log cannot be read: ${end.words}`, output: [], result: {} };
	const kept = left === 0 ? '' : `, ${left} of them not kept: more than 8 MiB`;
	return {
		outcome: 'done',
		words: `${lines} ${lines === 1 ? 'line' : 'lines'}${kept}`,
		output: pieces,
		result: { name: container.name, lines, stdout: textOf(pieces, 'stdout'), stderr: textOf(pieces, 'stderr') },
	};
};
