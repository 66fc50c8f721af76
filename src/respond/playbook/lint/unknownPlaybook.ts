import { suggest } from '../../../config/suggest.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import type { LintRule, Path } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('unknown-playbook', 'error');

/** A playbook that does not exist, or that is given what it does not ask for. Only where the others are known. */
export const unknownPlaybook: LintRule = ({ source, library }) => {
	if (library === undefined) return [];
	const check = (id: string, path: Path): readonly PlaybookComplaint[] => {
		if (id === source.id || library.has(id)) return [];
		const meant = suggest(id, library.keys());
		return [say(path, `there is no playbook ${id}${meant === undefined ? '' : `; did you mean ${meant}`}`, 'sitrep playbook list shows them all.')];
	};
	return source.steps.flatMap((step, index) => {
		const path = ['steps', index];
		const found: PlaybookComplaint[] = [];
		if (step.onFailure?.startsWith('playbook:') === true) found.push(...check(step.onFailure.slice(9), [...path, 'onFailure']));
		if (step.kind !== 'playbook') return found;
		found.push(...check(step.playbook, [...path, 'playbook']));
		const wanted = library.get(step.playbook)?.params;
		if (wanted === undefined) return found;
		for (const name of Object.keys(step.params ?? {})) {
			const meant = suggest(name, Object.keys(wanted));
			if (!(name in wanted)) found.push({ ...say([...path, 'params', name], `${step.playbook} has no parameter ${name}${meant === undefined ? '' : `; did you mean ${meant}`}`, 'Leave it out.'), atKey: true });
		}
		for (const [name, param] of Object.entries(wanted)) {
			const given = name in (step.params ?? {}) || param.default !== undefined || param.optional || param.type === 'secret' || param.type === 'container' || param.type === 'service';
			if (!given) found.push(say([...path, 'params'], `${step.playbook} wants a value for ${name}`, `Add it: params: {${name}: …}.`));
		}
		return found;
	});
};
