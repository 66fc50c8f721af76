import type { GivenFinding, RolloutAction } from '../../domain/playbook/step.ts';
import { TemplateError } from './fill.ts';
import { type Filler, word } from './filler.ts';
import type { Resolution } from './resolve.ts';

interface Words {
	readonly service: string;
	readonly to?: string;
	readonly plan?: string;
}

const wordsOf = (action: RolloutAction, { service, to = '', plan = '' }: Words): string => {
	const target = to === '' ? 'its last good version' : to;
	const move = plan === '' ? 'the newest move' : `move ${plan}`;
	switch (action.action) {
		case 'versions':
			return `versions of ${service}`;
		case 'plan':
			return `plan the move of ${service} to ${target}`;
		case 'swap':
			return `move ${service} to ${target}${action.way === undefined ? '' : `, ${action.way}`}`;
		case 'finish':
			return `finish ${move} of ${service}`;
		case 'undo':
			return `take back ${move} of ${service}`;
		case 'retire':
			return `remove the old version that ${move} of ${service} has kept`;
	}
};

/** As it stands in the playbook. */
export const rolloutAsWritten = (action: RolloutAction): string =>
	wordsOf(action, { service: action.service, ...(action.to === undefined ? {} : { to: action.to }), ...(action.plan === undefined ? {} : { plan: action.plan }) });

/** What is not there is left out. @throws TemplateError where the level is none */
const findingOf = ({ level, what, why }: GivenFinding, filler: Filler, where: string): readonly GivenFinding[] => {
	const found = filler.value(why, `${where}.why`);
	if (found.complete && found.text === '') return [];
	const at = filler.value(level, `${where}.level`);
	if (at.complete && at.text !== 'warn' && at.text !== 'fine') throw new TemplateError(`${where}.level`, undefined, `expected warn or fine, found ${at.shown}`);
	return [{ level: at.text, what, why: found.text }];
};

export const resolveRollout = (action: RolloutAction, filler: Filler): Resolution => {
	const service = filler.argument(action.service, 'service');
	if (service.text === '') throw new TemplateError('service', undefined, 'the name of the service is empty');
	const to = action.to === undefined ? undefined : filler.argument(action.to, 'to');
	const plan = action.plan === undefined ? undefined : filler.argument(action.plan, 'plan');
	const watch = action.watch === undefined ? undefined : filler.argument(action.watch, 'watch');
	if (watch?.complete === true && watch.text !== '' && !/^https?:\/\//.test(watch.text)) throw new TemplateError('watch', undefined, `expected an address that begins with http:// or https://, found ${watch.shown}`);
	const findings = action.findings?.flatMap((each, index) => findingOf(each, filler, `findings[${index}]`));
	const shown = wordsOf(action, {
		service: word(service),
		...(to === undefined || to.text === '' ? {} : { to: word(to) }),
		...(plan === undefined || plan.text === '' ? {} : { plan: word(plan) }),
	});
	return {
		action: {
			...action,
			service: service.text,
			...(to === undefined ? {} : { to: to.text }),
			...(plan === undefined ? {} : { plan: plan.text }),
			...(watch === undefined ? {} : { watch: watch.text }),
			...(findings === undefined ? {} : { findings }),
		},
		shown,
		target: service.shown,
		scriptEnv: {},
	};
};
