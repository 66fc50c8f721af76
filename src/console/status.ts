import type { ServiceFacts } from '../domain/service.ts';
import type { ServiceStatus } from '../domain/situation.ts';
import type { Verdict } from '../judge/judge.ts';
import { describeService } from '../judge/words.ts';
import type { Usage } from '../observe/usage.ts';

/** A status with newer figures; what the rules say stays. */
export const withUsage = (status: ServiceStatus, usage: Usage): ServiceStatus => ({
	...status,
	figures: usage.figures,
	...(usage.rxBytesPerSecond === undefined ? {} : { rxBytesPerSecond: usage.rxBytesPerSecond }),
	...(usage.txBytesPerSecond === undefined ? {} : { txBytesPerSecond: usage.txBytesPerSecond }),
});

/** Puts facts, verdict and figures of one service together. */
export const statusOf = (facts: ServiceFacts, verdict: Verdict, usage: Usage | undefined): ServiceStatus => {
	const { mark, severity, reason } = describeService(verdict);
	const errors = facts.signals.latest('log.errors');
	const status: ServiceStatus = {
		service: facts.service,
		mark,
		...(severity === undefined ? {} : { severity }),
		reason,
		alerts: verdict.alerts,
		inconclusive: verdict.inconclusive,
		...(errors === undefined ? {} : { errorsPerMinute: errors.value }),
		restarts: verdict.reading.sum((standing) => standing.restarts),
		probes: facts.probes,
	};
	return usage === undefined ? status : withUsage(status, usage);
};
