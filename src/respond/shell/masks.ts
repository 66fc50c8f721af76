import type { AndOr, CommandNode, CompoundList, PipelineNode, Statement } from 'unbash';
import { shellWord } from './words.ts';
import { baseName } from './classify.ts';

type AnyNode = CommandNode | PipelineNode | AndOr;

const nameOf = (node: AnyNode): string | undefined => (node.type === 'Command' && node.name !== undefined ? shellWord(node.name).value : undefined);

const lastOf = (list: CompoundList): Statement | undefined => list.commands.at(-1);

/** True where a command ends with 0 whatever happens. */
export const alwaysSucceeds = (node: AnyNode): boolean => {
	switch (node.type) {
		case 'Command': {
			const name = nameOf(node) ?? '';
			if (name === 'exit' || name === 'return') {
				const code = node.args[0];
				return code?.type === 'Word' && shellWord(code).value === '0';
			}
			return /^(?:true|:|echo|printf)$/.test(baseName(name));
		}
		case 'BraceGroup':
		case 'Subshell': {
			const last = lastOf(node.body);
			return last !== undefined && alwaysSucceeds(last.command);
		}
		case 'Pipeline':
			return node.prefixes.length === 0 && node.commands.every(alwaysSucceeds);
		default:
			return false;
	}
};

/** True where a command only asks a question whose no is no failure: `[ -f x ]`, `command -v x`. */
export const onlyTests = (node: AnyNode): boolean => {
	if (node.type === 'TestCommand' || node.type === 'ArithmeticCommand') return true;
	return /^(?:\[|test|command|type|which)$/.test(nameOf(node) ?? '');
};

/** Programs of a pipeline's left side that hardly fail. */
const steady = new Set(['echo', 'printf', 'yes', 'seq', 'true', ':', 'date', 'pwd', 'hostname', 'whoami', 'id', 'uname', 'basename', 'dirname', 'nproc', 'tr', 'cut', 'head', 'tail', 'wc', 'sort', 'uniq', 'sed', 'awk']);

/** True where a failure of this command would matter, and can happen. */
export const canFail = (node: AnyNode): boolean => {
	const name = nameOf(node);
	return node.type !== 'Command' || (name !== undefined && !steady.has(baseName(name)));
};

/** True where every statement of a substitution is steady, as in `$(date +%F)`. */
export const steadyScript = (commands: readonly Statement[]): boolean =>
	commands.every(({ command }) => (command.type === 'Pipeline' ? command.commands.every((each) => !canFail(each)) : command.type !== 'AndOr' && !canFail(command)));
