import { languageNames } from '../../action/check.ts';
import { outcomeNames } from '../../action/scope.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('duplicate-id', 'error');

/** Names that mean something else already. */
const reserved: ReadonlySet<string> = new Set(['params', 'steps', ...outcomeNames]);

const ofLanguage = (name: string): string => `${name} is a word of the expressions themselves: nothing could be read under it`;

/** One name for two things. */
export const duplicateId: LintRule = ({ steps }) => {
	const found: PlaybookComplaint[] = [];
	const ids = new Set<string>();
	const registered = new Map<string, string>();
	const all = new Set(steps.map(({ step }) => step.id));
	for (const { step, path } of steps) {
		if (step.id === 'end') found.push(say([...path, 'id'], 'end is where a run is over, and no name for a step', 'Choose another id.'));
		if (languageNames.has(step.id)) found.push(say([...path, 'id'], ofLanguage(step.id), 'Choose another id.'));
		if (ids.has(step.id)) found.push(say([...path, 'id'], `two steps are called ${step.id}`, 'Give each an id of its own; those within parallel count as well.'));
		ids.add(step.id);
		const name = step.register;
		if (name === undefined) continue;
		const at = [...path, 'register'];
		const before = registered.get(name);
		if (languageNames.has(name)) found.push(say(at, ofLanguage(name), 'Choose another name.'));
		else if (reserved.has(name)) found.push(say(at, `${name} means something else in every expression`, 'Choose another name.'));
		else if (before !== undefined && before !== step.id) found.push({ ...say(at, `${before} is registered as ${name} already, and would be overwritten`, 'Choose another name.'), level: 'warning' });
		else if (name !== step.id && all.has(name)) found.push(say(at, `${name} is the id of another step`, 'Choose another name.'));
		registered.set(name, step.id);
	}
	return found;
};
