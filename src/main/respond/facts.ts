import type { Live } from '../../console/live.ts';
import type { ProbeResult } from '../../domain/probe.ts';
import type { Service } from '../../domain/service.ts';
import type { Facts, Missing } from '../../respond/action/scope.ts';
import { severityRank } from '../../domain/severity.ts';
import { formatDuration } from '../../domain/duration.ts';
import { asideOf } from '../../observe/versions/aside.ts';
import type { Baselines } from './baselines.ts';

/** A figure of the last seconds; what is older says nothing about now. */
const maxAgeMs = 15_000;

const missing = (why: string): Missing => ({ missing: why });

/** Image of the container that was made last among those that run; one of a move under way is not counted. */
const currentImage = ({ containers }: Service): string | undefined => {
	const own = containers.filter(({ name }) => asideOf(name) === undefined);
	return (own.find(({ state }) => state === 'running') ?? own[0])?.imageId;
};

/** What is known of the services at this moment, for the expressions of a run. */
export const factsOf =
	(live: Pick<Live, 'services' | 'signalsOf' | 'statuses'>, now: () => number, baselines: Pick<Baselines, 'of'>) =>
	(own: string | undefined): Facts => {
		const serviceOf = (name: string | undefined): Service | undefined => {
			const wanted = name ?? own;
			return live.services.find((service) => service.id === wanted || service.name === wanted || service.containers.some((each) => each.name === wanted));
		};
		const find = (name: string | undefined): string | undefined => serviceOf(name)?.id;
		const readerOf = (service: string | undefined) => {
			const id = find(service);
			return id === undefined ? undefined : live.signalsOf(id);
		};
		const absent = (service: string | undefined): Missing => missing(service === undefined && own === undefined ? 'the run is about no service' : `no service ${service ?? own ?? ''}`);
		const resultOf = (name: string, service: string | undefined): ProbeResult | undefined => live.statuses.find((status) => status.service.id === find(service))?.probes.find((probe) => probe.probe === name);
		return {
			signal(name, service) {
				const reader = readerOf(service);
				if (reader === undefined) return absent(service);
				const sample = reader.latest(name);
				if (sample === undefined) return missing(`no sample of ${name}`);
				const age = now() - sample.at;
				return age > maxAgeMs ? missing(`last sample of ${name} ${formatDuration(age)} old`) : sample.value;
			},
			probe(name, service) {
				const result = resultOf(name, service);
				if (result === undefined) return missing(`no result of probe ${name}`);
				const ageSeconds = Math.max(0, now() - result.at - result.durationMs) / 1000;
				return { ok: result.ok, durationMs: result.durationMs, words: result.words, ageSeconds };
			},
			baseline(name, service) {
				const wanted = service ?? own;
				if (wanted === undefined) return absent(service);
				const found = serviceOf(service);
				// While it is moved a service may not be there for a moment, and its past is.
				return found === undefined ? baselines.of({ id: wanted, name: wanted }, undefined, name) : baselines.of(found, currentImage(found), name);
			},
			firing(severity) {
				const status = live.statuses.find((each) => each.service.id === find(undefined));
				return status === undefined ? absent(undefined) : status.alerts.filter((alert) => alert.state === 'firing' && severityRank(alert.severity) <= severityRank(severity)).length;
			},
			figure(figure, name, seconds, service) {
				const reader = readerOf(service);
				if (reader === undefined) return absent(service);
				const to = now();
				const samples = reader.range(name, to - seconds * 1000, to);
				const first = samples[0];
				const last = samples.at(-1);
				if (first === undefined || last === undefined) return missing(`no sample of ${name} in ${seconds} s`);
				const values = samples.map((sample) => sample.value);
				switch (figure) {
					case 'avg':
						return values.reduce((sum, value) => sum + value, 0) / values.length;
					case 'max':
						return Math.max(...values);
					case 'min':
						return Math.min(...values);
					case 'rate':
						return last.at === first.at ? missing(`one sample of ${name} gives no rate`) : ((last.value - first.value) / (last.at - first.at)) * 1000;
				}
			},
		};
	};
