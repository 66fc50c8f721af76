import { allOptions, type CommandModel, flatten, type OptionModel, type ValueKind } from './model.ts';
import { shellQuote } from './quote.ts';

const reply = (value: ValueKind | undefined): string => {
	switch (value?.kind) {
		case 'choices':
			return `COMPREPLY=($(compgen -W ${shellQuote(value.values.join(' '))} -- "$cur"))`;
		case 'dynamic':
			return `_sitrep_ask ${value.topic}`;
		case 'file':
			return 'COMPREPLY=($(compgen -f -- "$cur"))';
		case 'free':
		case undefined:
			return 'COMPREPLY=()';
	}
};

const valueCases = (options: readonly OptionModel[]): string[] =>
	options.flatMap((option) => (option.value === undefined ? [] : [`\t\t\t${option.names.join('|')}) ${reply(option.value)}; return ;;`]));

const commandCase = (root: CommandModel, model: CommandModel): string[] => {
	const options = allOptions(root, model);
	const names = options.flatMap((option) => option.names);
	const words = model.children.map((child) => child.path.at(-1) ?? '');
	return [
		`\t\t${shellQuote(model.path.join(' '))})`,
		'\t\t\tcase "$prev" in',
		...valueCases(options),
		'\t\t\tesac',
		`\t\t\tif [[ "$cur" == -* ]]; then COMPREPLY=($(compgen -W ${shellQuote(names.join(' '))} -- "$cur"))`,
		`\t\t\telse ${words.length > 0 ? `COMPREPLY=($(compgen -W ${shellQuote(words.join(' '))} -- "$cur"))` : reply(model.argument)}; fi`,
		'\t\t\t;;',
	];
};

/** The script for bash 4 and newer. */
export const bashCompletion = (root: CommandModel): string => {
	const all = flatten(root);
	const takesValue = [...new Set(all.flatMap((model) => model.options.filter((option) => option.value !== undefined).flatMap((option) => option.names)))];
	const paths = all.filter((model) => model.path.length > 0).map((model) => shellQuote(model.path.join(' ')));
	return `# bash completion for sitrep. To load it in every shell:
#   sitrep completion bash > ~/.local/share/bash-completion/completions/sitrep
_sitrep_ask() {
	local found
	found=$(\${COMP_WORDS[0]} __complete "$1" -- "\${COMP_WORDS[@]:1}" 2>/dev/null </dev/null) || return 0
	local IFS=$'\\n'
	COMPREPLY=($(compgen -W "$found" -- "$cur"))
}
_sitrep() {
	local cur="\${COMP_WORDS[COMP_CWORD]}" prev="" path="" index word next skip=0
	((COMP_CWORD > 0)) && prev="\${COMP_WORDS[COMP_CWORD-1]}"
	for ((index = 1; index < COMP_CWORD; index++)); do
		word="\${COMP_WORDS[index]}"
		if ((skip)); then skip=0; continue; fi
		case "$word" in
			${takesValue.join('|')}) skip=1; continue ;;
			-*) continue ;;
		esac
		next="\${path:+$path }$word"
		case "$next" in
			${paths.join('|')}) path="$next" ;;
		esac
	done
	COMPREPLY=()
	case "$path" in
${all.flatMap((model) => commandCase(root, model)).join('\n')}
	esac
}
complete -F _sitrep sitrep
`;
};
