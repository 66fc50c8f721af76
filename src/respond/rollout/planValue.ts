import type { RolloutPlan } from '../../domain/rollout.ts';
import { planSummary, refusalsOf, warningsOf } from './planWords.ts';

/** Kept of each list at first, and fewer where the whole is still too large for the journal. */
const mostLines = [200, 60, 20, 5] as const;
/** Room for what a step's value holds beside the plan, within 64 KiB. */
const mostBytes = 60 * 1024;
const mostText = 2000;

const cutText = (text: string): string => (text.length > mostText ? `${text.slice(0, mostText)} (cut)` : text);

/** Every text within at its bound. */
const cutTexts = (value: unknown): unknown => {
	if (typeof value === 'string') return cutText(value);
	if (Array.isArray(value)) return value.map(cutTexts);
	return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cutTexts(each)])) : value;
};

/** A plan as expressions see it: without the engine's own part, and no larger than the journal takes. What was cut off is counted in `cut`. */
export const planValue = (plan: RolloutPlan): Readonly<Record<string, unknown>> => {
	const { data: _, ...shown } = plan;
	const head = { planId: plan.id, refused: refusalsOf(plan).length > 0, warnings: warningsOf(plan).length, summary: cutText(planSummary(plan)) };
	for (const most of mostLines) {
		let cut = 0;
		const short = <T>(list: readonly T[]): readonly T[] => {
			cut += Math.max(0, list.length - most);
			return list.slice(0, most);
		};
		// A refusal is never what is cut off.
		const findings = short(plan.findings.toSorted((a, b) => rank[a.level] - rank[b.level]));
		const lists = { changes: short(plan.changes), kept: short(plan.kept), lost: short(plan.lost), findings, acts: short(plan.acts), undoActs: short(plan.undoActs) };
		const value = cutTexts({ ...shown, ...lists });
		const whole = { ...(typeof value === 'object' ? value : {}), ...head, ...(cut > 0 ? { cut } : {}) };
		if (Buffer.byteLength(JSON.stringify(whole)) <= mostBytes) return whole;
	}
	return { ...head, from: plan.from, to: plan.to, way: plan.way, subject: plan.subject, findings: [], lost: [], kept: [], changes: [], acts: [], undoActs: [], cut: true };
};

const rank = { refuse: 0, warn: 1, fine: 2 } as const;
