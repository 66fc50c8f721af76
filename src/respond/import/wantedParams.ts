import type { ParamType } from '../../domain/playbook/param.ts';
import type { DraftParam } from './draft.ts';
import { slug, uniqueNames } from './titles.ts';

const secretWords = /(?:^|_)(?:pass(?:word|wd|phrase)?|secret|token|credentials?|(?:api|access|private|secret)_?key)(?:_|$)/;

const typeOf = (name: string): ParamType => {
	if (secretWords.test(name)) return 'secret';
	if (/^(?:container|container_name|container_id)$/.test(name)) return 'container';
	if (/(?:^|_)url$/.test(name)) return 'url';
	return 'text';
};

/** Parameters that the placeholders and unset variables of one playbook ask for. */
export class WantedParams {
	readonly #byWritten = new Map<string, string>();
	readonly #params = new Map<string, DraftParam>();
	readonly #unique = uniqueNames([], '_');

	get params(): ReadonlyMap<string, DraftParam> {
		return this.#params;
	}

	/** Name of the parameter for what is written, such as `<previous-commit>` or `$BACKUP_DIR`; the same each time. */
	nameFor(written: string): string {
		const known = this.#byWritten.get(written);
		if (known !== undefined) return known;
		const words = slug(written.replace(/^(?:YOUR|MY|REPLACE|INSERT)[_-]/, ''), 40).replaceAll('-', '_');
		const name = this.#unique(/^[a-z]/.test(words) ? words : `value_${words}`.replace(/_$/, ''));
		this.#byWritten.set(written, name);
		this.#params.set(name, { type: typeOf(name), title: `${written.slice(0, 100)} in the written procedure` });
		return name;
	}

	isSecret(name: string): boolean {
		return this.#params.get(name)?.type === 'secret';
	}
}
