import { allOptions, type CommandModel, flatten, type ValueKind } from './model.ts';
import { shellQuote } from './quote.ts';

/** `_describe` splits at the first colon. */
const described = (name: string, words: string): string => shellQuote(`${name.replaceAll(':', '\\:')}:${words}`);

const add = (value: ValueKind | undefined): string => {
	switch (value?.kind) {
		case 'choices':
			return `compadd -- ${value.values.map(shellQuote).join(' ')}`;
		case 'dynamic':
			return `_sitrep_ask ${value.topic}`;
		case 'file':
			return '_files';
		case 'free':
		case undefined:
			return 'return 1';
	}
};

const commandCase = (root: CommandModel, model: CommandModel): string[] => {
	const options = allOptions(root, model);
	const values = options.flatMap((option) => (option.value === undefined ? [] : [`\t\t\t\t${option.names.join('|')}) ${add(option.value)}; return ;;`]));
	const items = options.flatMap((option) => option.names.map((name) => described(name, option.words)));
	return [
		`\t\t${shellQuote(model.path.join(' '))})`,
		'\t\t\tcase "$prev" in',
		...values,
		'\t\t\tesac',
		`\t\t\tif [[ "$cur" == -* ]]; then items=(${items.join(' ')}); _describe option items`,
		`\t\t\telse ${
			model.children.length > 0
				? `items=(${model.children.map((child) => described(child.path.at(-1) ?? '', child.words)).join(' ')}); _describe command items`
				: add(model.argument)
		}; fi`,
		'\t\t\t;;',
	];
};

/** The script for zsh 5 and newer. */
export const zshCompletion = (root: CommandModel): string => {
	const all = flatten(root);
	const takesValue = [...new Set(all.flatMap((model) => model.options.filter((option) => option.value !== undefined).flatMap((option) => option.names)))];
	return `#compdef sitrep
# zsh completion for sitrep. To load it in every shell, put it into a directory of your fpath:
#   sitrep completion zsh > ~/.zfunc/_sitrep
_sitrep_ask() {
	local -a found
	found=(\${(f)"$(\${words[1]} __complete "$1" -- "\${(@)words[2,-1]}" 2>/dev/null </dev/null)"})
	(( \${#found} )) && compadd -- "\${found[@]}"
}
_sitrep() {
	local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" path_words="" word next
	local -i index skip=0
	local -a items
	for ((index = 2; index < CURRENT; index++)); do
		word="\${words[index]}"
		if ((skip)); then skip=0; continue; fi
		case "$word" in
			${takesValue.join('|')}) skip=1; continue ;;
			-*) continue ;;
		esac
		next="\${path_words:+$path_words }$word"
		case "$next" in
			${all.filter((model) => model.path.length > 0).map((model) => shellQuote(model.path.join(' '))).join('|')}) path_words="$next" ;;
		esac
	done
	case "$path_words" in
${all.flatMap((model) => commandCase(root, model)).join('\n')}
	esac
}
if [[ "\${funcstack[1]}" == _sitrep ]]; then _sitrep "$@"; else compdef _sitrep sitrep; fi
`;
};
