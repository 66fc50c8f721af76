import { EngineError } from '../../../domain/engine.ts';
import type { Connection } from '../connection.ts';
import { fields, parseJson, text } from '../narrow.ts';
import { parseReference } from './reference.ts';

/** The engine asks the registry before it answers, ms. */
const answerWithinMs = 60_000;

/**
 * Has the engine fetch an image from its registry, without credentials of ours. Its answer is a success at once:
 * whether it went well stands in the lines that follow.
 */
export async function fetchImage(connection: Connection, image: string, onProgress: (words: string) => void, signal: AbortSignal): Promise<void> {
	const reference = parseReference(image);
	if (reference === undefined) {
		throw new EngineError('invalid', `${image} is an image's id: a registry knows names only`);
	}
	const query = { fromImage: image, ...(reference.tag === undefined && reference.digest === undefined ? { tag: 'latest' } : {}) };
	const response = await connection.open({ method: 'POST', path: '/images/create', query, what: `fetch ${image}` }, signal, answerWithinMs);
	let rest = '';
	const read = (line: string) => {
		const said = fields(parseJson(line));
		const failed = text(said['error']);
		if (failed !== undefined) {
			throw new EngineError(/not found|unknown|denied/i.test(failed) ? 'not-found' : 'engine', `fetch ${image}: ${failed}`, { advice: 'Check the name, and that the engine may read from that registry.' });
		}
		const status = text(said['status']);
		if (status !== undefined) {
			onProgress([text(said['id']), status, text(said['progress'])].filter((part) => part !== undefined).join(' '));
		}
	};
	try {
		for await (const chunk of response) {
			const lines = (rest + String(chunk)).split('\n');
			rest = lines.pop() ?? '';
			lines.forEach(read);
		}
		read(rest);
	} catch (error) {
		throw await connection.explain(error, `fetch ${image}`);
	}
	if (!response.complete) {
		throw new EngineError('unreachable', `fetch ${image}: the connection broke`);
	}
}
