import { Argument } from 'commander';

/** Completion and the reference tell service arguments by this name. */
export const serviceArgumentName = 'service';

/** `[service...]`, or `<service...>` where at least one is needed. */
export const serviceArgument = (description: string, options: { readonly required?: boolean } = {}): Argument =>
	new Argument(options.required === true ? `<${serviceArgumentName}...>` : `[${serviceArgumentName}...]`, description);
