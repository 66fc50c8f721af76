/** What the system tells of a path. */
export interface PathFacts {
	/** Name, or the number where it has none. */
	readonly owner: string;
	readonly group: string;
	/** Permission bits, such as 0o660. */
	readonly mode: number;
	readonly kind: 'socket' | 'directory' | 'file' | 'other';
	/** By this process. */
	readonly readable: boolean;
	readonly writable: boolean;
}

/** What `doctor` asks of the machine it runs on. */
export interface SystemPort {
	/** Such as `v24.21.0`. */
	readonly nodeVersion: string;
	/** Such as `linux x64`. */
	readonly platform: string;
	/** Directory in which sitrep keeps its journal. */
	readonly stateDir: string;
	/** Who runs this: the account's name and the ids of its groups. */
	readonly user: { readonly name: string; readonly groups: readonly string[] };
	/** Follows links; `undefined` where nothing is there. Rejects where it cannot be told. */
	path(path: string): Promise<PathFacts | undefined>;
	/** Makes the directory where it is missing, writes a file there and removes it. Rejects where that fails. */
	tryWriting(directory: string): Promise<void>;
	/** Bytes of the disk that holds the path or its nearest parent. Rejects where they cannot be told. */
	space(path: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number }>;
	/** Loads the addon, in a process of its own, and asks the library for its version. Rejects where it does not load. */
	sqliteVersion(): Promise<string>;
}
