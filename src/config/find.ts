/** Where a configuration may stand. */
export interface ConfigPlace {
	readonly path: string;
	/** Named by the person: it must be there. */
	readonly required: boolean;
	/** Found in the working directory, which may be somebody else's. */
	readonly fromDirectory: boolean;
	readonly origin: string;
}

/**
 * Places to look at, in order; the first file that is there holds alone.
 * @param option path of `--config`
 */
export const configPlaces = (
	environment: Readonly<Record<string, string | undefined>>,
	directory: string,
	option?: string,
): readonly ConfigPlace[] => {
	if (option !== undefined) return [{ path: option, required: true, fromDirectory: false, origin: '--config' }];
	const named = environment['SITREP_CONFIG'];
	if (named !== undefined && named !== '') return [{ path: named, required: true, fromDirectory: false, origin: 'SITREP_CONFIG' }];
	const places: ConfigPlace[] = [{ path: join(directory, 'sitrep.yaml'), required: false, fromDirectory: true, origin: 'working directory' }];
	// The XDG base directory specification: a relative path is invalid and must be ignored.
	const xdg = environment['XDG_CONFIG_HOME'];
	const home = environment['HOME'];
	const base = xdg?.startsWith('/') === true ? xdg : home === undefined || home === '' ? undefined : join(home, '.config');
	if (base !== undefined) places.push({ path: join(base, 'sitrep/sitrep.yaml'), required: false, fromDirectory: false, origin: 'XDG_CONFIG_HOME' });
	return places;
};

const join = (directory: string, name: string): string => `${directory.replace(/\/+$/, '')}/${name}`;

/** What a file's owner and mode say. */
export interface FileOwner {
	readonly uid: number;
	/** Permission bits. */
	readonly mode: number;
}

/**
 * Why a file found in the working directory must not be obeyed: it may name commands to run, and somebody
 * else could have put it there. `undefined` where it may.
 */
export const distrust = (owner: FileOwner, ownUid: number): string | undefined => {
	if (owner.uid !== ownUid && owner.uid !== 0) return `belongs to another user (uid ${owner.uid}); name it with --config to use it all the same`;
	if ((owner.mode & 0o002) !== 0) return 'can be written by everybody; take that right away (chmod o-w), or name it with --config';
	return undefined;
};
