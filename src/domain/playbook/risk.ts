/** What a step can do to the world. It alone decides how a step is confirmed. */
export type Risk = 'read' | 'change' | 'destructive';

/** From the least to the worst. */
export const risks: readonly Risk[] = ['read', 'change', 'destructive'];

/** The worst of several risks; `read` of none. */
export const worstRisk = (all: Iterable<Risk>): Risk => {
	let worst = 0;
	for (const risk of all) worst = Math.max(worst, risks.indexOf(risk));
	return risks[worst] ?? 'destructive';
};
