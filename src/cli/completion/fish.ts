import { type CommandModel, flatten, type OptionModel, type ValueKind } from './model.ts';
import { fishQuote } from './quote.ts';

const valueFlags = (value: ValueKind): string => {
	switch (value.kind) {
		case 'choices':
			return ` -x -a ${fishQuote(value.values.join(' '))}`;
		case 'dynamic':
			return ` -x -a '(__sitrep_ask ${value.topic})'`;
		case 'file':
			return ' -r -F';
		case 'free':
			return ' -x';
	}
};

const optionLine = (condition: string, option: OptionModel): string => {
	const names = option.names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
	return `complete -c sitrep${condition} ${names} -d ${fishQuote(option.words)}${option.value === undefined ? '' : valueFlags(option.value)}`;
};

const at = (path: readonly string[]): string => ` -n ${fishQuote(`__sitrep_at ${path.join(' ')}`.trimEnd())}`;

const commandLines = (model: CommandModel): string[] => {
	const lines = model.children.map(
		(child) => `complete -c sitrep${at(model.path)} -a ${fishQuote(child.path.at(-1) ?? '')} -d ${fishQuote(child.words)}`,
	);
	if (model.path.length > 0) lines.push(...model.options.map((option) => optionLine(at(model.path), option)));
	const { argument } = model;
	if (argument?.kind === 'dynamic') lines.push(`complete -c sitrep${at(model.path)} -a '(__sitrep_ask ${argument.topic})'`);
	if (argument?.kind === 'choices') lines.push(`complete -c sitrep${at(model.path)} -a ${fishQuote(argument.values.join(' '))}`);
	return lines;
};

/** The script for fish 3 and newer. */
export const fishCompletion = (root: CommandModel): string => {
	const all = flatten(root);
	const takesValue = [...new Set(all.flatMap((model) => model.options.filter((option) => option.value !== undefined).flatMap((option) => option.names)))];
	return `# fish completion for sitrep. To load it in every shell:
#   sitrep completion fish > ~/.config/fish/completions/sitrep.fish
function __sitrep_ask
	set -l words (commandline -opc)
	$words[1] __complete $argv[1] -- $words[2..-1] 2>/dev/null </dev/null
end
# True where exactly these commands have been typed.
function __sitrep_at
	set -l words (commandline -opc)
	set -l path
	set -l skip 0
	for word in $words[2..-1]
		if test $skip = 1
			set skip 0
			continue
		end
		switch $word
			case ${takesValue.join(' ')}
				set skip 1
			case '-*'
			case '*'
				set -l next (string join ' ' -- $path $word)
				if contains -- $next ${all.filter((model) => model.path.length > 0).map((model) => fishQuote(model.path.join(' '))).join(' ')}
					set path $path $word
				end
		end
	end
	test "$path" = "$argv"
end
complete -c sitrep -f
${root.options.map((option) => optionLine('', option)).join('\n')}
${all.flatMap(commandLines).join('\n')}
`;
};
