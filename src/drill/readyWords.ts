const answerMs = 3000;

/**
 * What /ready says of the database: `connected`, or what is wrong with it.
 * @throws Error where nothing answers in time
 */
export async function readyWords(url: string): Promise<string> {
	const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(answerMs) });
	const body: unknown = await response.json();
	return typeof body === 'object' && body !== null && 'database' in body ? String(body.database) : '';
}
