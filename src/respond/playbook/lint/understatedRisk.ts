import { risks } from '../../../domain/playbook/risk.ts';
import type { Risk } from '../../../domain/playbook/risk.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import { databaseRisks, rolloutRisks } from '../normalise/risk.ts';
import { riskOfSql } from '../../shell/sql.ts';
import type { ActionAt, LintRule } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('understated-risk', 'error');
const unproven = complain('unproven-risk', 'warning');

interface Found {
	readonly risk: Risk;
	readonly why: string;
	readonly certain: boolean;
	/** Offset of the worst command in a script. */
	readonly offset?: number;
}

/** What an action can do, found out from the action itself. */
const foundIn = ({ action, shell }: ActionAt): Found | undefined => {
	if (shell !== undefined) {
		const worst = shell.commands.find((each) => each.risk === shell.risk && each.certain === shell.certain);
		return { risk: shell.risk, why: shell.why, certain: shell.certain, ...(worst === undefined || action.sh === undefined ? {} : { offset: worst.start }) };
	}
	if (action.container !== undefined) {
		const { action: act } = action.container;
		return { risk: act === 'inspect' || act === 'logs' ? 'read' : 'change', why: `${act} acts on the container`, certain: true };
	}
	if (action.http !== undefined) {
		const method = action.http.method ?? 'GET';
		if (method === 'GET' || method === 'HEAD') return { risk: 'read', why: `a ${method} only asks`, certain: true };
		return method === 'DELETE' ? { risk: 'change', why: 'a DELETE removes something', certain: true } : { risk: 'change', why: `a ${method} can change something`, certain: false };
	}
	if (action.rollout !== undefined) {
		const risk = rolloutRisks[action.rollout.action];
		return { risk, why: `${action.rollout.action} is ${risk}`, certain: true };
	}
	if (action.database === undefined) return undefined;
	const { sql } = action.database;
	if (sql !== undefined) return riskOfSql(sql, 'query', action.database.system);
	return { risk: databaseRisks[action.database.action], why: `${action.database.action} is ${databaseRisks[action.database.action]}`, certain: true };
};

const rank = (risk: Risk): number => risks.indexOf(risk);

const keyOf = ({ action, of, undo, path }: ActionAt): readonly PropertyKey[] => {
	if (!undo && of.step.risk !== undefined) return [...of.path, 'risk'];
	const body = (['container', 'http', 'database', 'rollout'] as const).find((key) => action[key] !== undefined);
	return body === undefined ? path : [...path, body];
};

const ofAction = (at: ActionAt): readonly PlaybookComplaint[] => {
	const found = foundIn(at);
	if (found === undefined) return [];
	const { step, risk } = at.of;
	const { sql } = at.action.database ?? {};
	const place = found.offset === undefined ? {} : { offset: found.offset };
	if (sql !== undefined && found.risk !== 'read') return [say([...at.path, 'database', 'sql'], `a query only reads, but ${found.why}`, 'Use one of the other database actions, or a command with its own risk.')];
	if (!at.undo && (step.kind === 'waitFor' || step.kind === 'watch')) {
		if (found.risk === 'read') return [];
		const path = at.shell === undefined ? keyOf(at) : at.shellPath;
		return found.certain
			? [say(path, `${step.kind} looks again and again and must change nothing, but ${found.why}`, 'Change it in a step of its own before this one.', place)]
			: [unproven(path, `${step.kind} must change nothing: ${found.why}`, 'Use a program that is known to read, or a step of kind http or database.', place)];
	}
	if (rank(found.risk) <= rank(risk)) return [];
	const path = at.shell === undefined ? keyOf(at) : at.shellPath;
	const subject = at.undo ? `undo is ${found.risk}` : `it is ${found.risk}`;
	if (found.certain || found.risk === 'destructive') return [say(path, `${subject}, declared ${risk}: ${found.why}`, `Write risk: ${found.risk}.`, place)];
	return [unproven(path, `declared ${risk}, but ${found.why}`, `Write risk: ${found.risk}, or use a program that is known to read.`, place)];
};

/** A step that does more than its risk says, so that it would be confirmed too easily. */
export const understatedRisk: LintRule = ({ steps, actions }) => [
	...actions.flatMap(ofAction),
	...steps.flatMap(({ step, path, risk }) => {
		if (step.kind !== 'parallel' || step.risk === undefined) return [];
		const worse = steps.find((child) => child.path.length > path.length && path.every((part, at) => child.path[at] === part) && rank(child.risk) > rank(risk));
		return worse === undefined ? [] : [say([...path, 'risk'], `declared ${risk}, but ${worse.step.id} within it is ${worse.risk}`, `Write risk: ${worse.risk}, or leave it out.`)];
	}),
];
