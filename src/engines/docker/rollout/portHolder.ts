import { EngineError } from '../../../domain/engine.ts';
import { fields, list, number, strings, text, type Fields } from '../narrow.ts';

/**
 * What an engine says that has given the port away. One that was killed within 0.3 s of a start may have given it to nobody: on 20.10 the port of
 * that start stays taken after 10 of 12 such kills, however long one waits and whatever is removed, until the engine is restarted once more.
 */
const allocated = /Bind for (\S+):(\d+) failed: port is already allocated/;

/**
 * A start that failed for its port, with who holds it; any other error as it is. Pure.
 * @param containers the engine's list
 */
export const withPortHolder = (error: unknown, containers: readonly Fields[]): unknown => {
	const [, address = '', port = ''] = (error instanceof EngineError ? allocated.exec(error.message) : null) ?? [];
	if (!(error instanceof EngineError) || port === '') return error;
	const what = error.message.slice(0, Math.max(0, error.message.indexOf(':')));
	const holder = containers.find((container) => list(container['Ports']).some((each) => number(fields(each)['PublicPort']) === Number(port)));
	const name = strings(holder?.['Names'])[0]?.replace(/^\//, '') ?? text(holder?.['Id'])?.slice(0, 12);
	return new EngineError(
		error.kind,
		`${what}: port ${address}:${port} is ${name === undefined ? 'already allocated, and no container has it: the engine keeps it for one whose start was cut off when the engine was killed. Only restarting the engine frees it, which stops what runs on it' : `already allocated to the container ${name}`}`,
		{ cause: error },
	);
};
