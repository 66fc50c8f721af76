import { suggest } from '../../../config/suggest.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const template = complain('template-in-script', 'error');
const unknown = complain('unknown-param', 'error');
const unset = complain('unset-variable', 'warning');

/** What a script is given: `${{ }}` would be read by the shell, and a variable that is not set ends it. */
export const scriptNames: LintRule = ({ source, actions }) =>
	actions.flatMap(({ action, shell, shellPath }) => {
		const { sh } = action;
		if (sh === undefined || shell === undefined) return [];
		const found: PlaybookComplaint[] = [];
		const params = Object.keys(source.params ?? {});
		for (const match of sh.matchAll(/\$\{\{\s*(?:params\.(\w+))?/g)) {
			const name = match[1];
			found.push(template(shellPath, '${{ }} in a script would be read by the shell', name === undefined ? 'Hand the value in with env, and write "$NAME".' : `Write "$P_${name}".`, { offset: match.index }));
		}
		for (const match of sh.matchAll(/\$\{?P_(\w+)/g)) {
			const name = match[1] ?? '';
			if (params.includes(name) || `P_${name}` in (action.env ?? {}) || new RegExp(String.raw`(?<![\w$])P_${name}=`).test(sh)) continue;
			const meant = suggest(name, params);
			found.push(unknown(shellPath, `there is no parameter ${name}${meant === undefined ? '' : `; did you mean ${meant}`}`, `Declare it under params, or write ${meant === undefined ? 'one that is' : `"$P_${meant}"`}.`, { offset: match.index }));
		}
		if (found.length > 0) return found;
		for (const name of shell.variables) {
			if (name in (action.env ?? {})) continue;
			const at = sh.search(new RegExp(String.raw`\$\{?[!#]?${name}\b`));
			const param = params.includes(name);
			found.push(unset(shellPath, `$${name} is set nowhere; the script ends where it is not`, param ? `Write "$P_${name}".` : `Make a parameter of it, set it under env, or write \${${name}:-default}.`, at < 0 ? {} : { offset: at }));
		}
		return found;
	});
