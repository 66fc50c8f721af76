import type { Risk } from '../../../domain/playbook/risk.ts';
import { worstRisk } from '../../../domain/playbook/risk.ts';
import type { Action, DatabaseAction, RolloutAction } from '../../../domain/playbook/step.ts';
import type { StepSource } from '../schema/step.ts';
import { actionOf } from './action.ts';

/** A backup writes a file, and a restore takes the place of what was there; the others are known as well. */
export const databaseRisks: Readonly<Record<DatabaseAction['action'], Risk>> = {
	backups: 'read',
	schema: 'read',
	integrity: 'read',
	'quick-check': 'read',
	query: 'read',
	backup: 'change',
	checkpoint: 'change',
	vacuum: 'change',
	analyze: 'change',
	reindex: 'change',
	restore: 'destructive',
};

/** A move can be taken back while the old version is kept; once it is retired it cannot, and what it wrote beside its volumes is gone. */
export const rolloutRisks: Readonly<Record<RolloutAction['action'], Risk>> = {
	versions: 'read',
	plan: 'read',
	swap: 'change',
	finish: 'change',
	undo: 'change',
	retire: 'destructive',
};

/** What an action surely is by its kind alone; nothing where a person has to say. */
export const inferredRisk = (action: Action): Risk | undefined => {
	switch (action.kind) {
		case 'database':
			return databaseRisks[action.action];
		case 'rollout':
			return rolloutRisks[action.action];
		case 'http':
			return action.method === 'GET' || action.method === 'HEAD' ? 'read' : undefined;
		case 'container':
			return action.action === 'inspect' || action.action === 'logs' ? 'read' : undefined;
		case 'command':
			return undefined;
	}
};

/** Risk of a step: as declared, else as its kind tells; nothing where it has to be declared. */
export const riskOf = (source: StepSource): Risk | undefined => {
	if (source.risk !== undefined) return source.risk;
	switch (source.kind) {
		case 'command':
		case 'container':
		case 'http':
		case 'database':
		case 'rollout': {
			const action = actionOf(source);
			return action === undefined ? undefined : inferredRisk(action);
		}
		case 'parallel':
			return worstRisk(source.steps.map((each) => riskOf(each) ?? 'read'));
		case 'notify':
			// What has been sent cannot be taken back.
			return actionOf(source) === undefined ? 'read' : 'change';
		case 'waitFor':
		case 'watch':
		case 'branch':
		case 'manual':
		case 'input':
		case 'approval':
		case 'playbook':
			return 'read';
	}
};
