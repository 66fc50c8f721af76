import { fields, isFields, number, strings, type Fields } from '../narrow.ts';

/** How a new container is proved. */
export interface Proof {
	readonly kind: 'health' | 'steady';
	/** How long it may take, ms. */
	readonly withinMs: number;
	/** How long it has to run where nothing else is known of it, ms. */
	readonly steadyMs: number;
}

export const defaultSteadyMs = 5000;
/** Starting a process for a health check takes long on a busy machine. */
const leastMs = 15_000;
const marginMs = 5000;
const mostMs = 600_000;

/**
 * A health check has until it would be unhealthy: its start period and as many failed tries as it allows, each as long as it may be.
 * @param config with the image's defaults filled in
 */
export function proofOf(config: Fields, options: { readonly proveWithinMs?: number | undefined; readonly steadyMs?: number | undefined }): Proof {
	const check = fields(config['Healthcheck']);
	const steadyMs = options.steadyMs ?? defaultSteadyMs;
	const [kind] = strings(check['Test']);
	if (!isFields(config['Healthcheck']) || kind === undefined || kind === 'NONE') {
		return { kind: 'steady', withinMs: options.proveWithinMs ?? Math.max(leastMs, steadyMs + marginMs), steadyMs };
	}
	const ms = (part: string, fallback: number) => (number(check[part]) || fallback * 1e9) / 1e6;
	const all = ms('StartPeriod', 0) + (ms('Interval', 30) + ms('Timeout', 30)) * (number(check['Retries']) || 3) + marginMs;
	return { kind: 'health', withinMs: options.proveWithinMs ?? Math.min(mostMs, Math.max(leastMs, all)), steadyMs };
}

export function proofWords(proof: Proof): string {
	return proof.kind === 'health' ? `healthy within ${seconds(proof.withinMs)}` : `no health check: running for ${seconds(proof.steadyMs)} without an end`;
}

export const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
