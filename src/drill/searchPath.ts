/** The PATH, and where a system keeps its daemons: a root shell got by `su` does not look there. */
export function searchPath(): string {
	const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
	return [...new Set([...folders, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'])].join(':');
}
