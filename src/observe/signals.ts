import type { Sample, SignalName, SignalReader } from '../domain/signal.ts';
import { Series } from './series.ts';

/** The signals of one service. */
export class ServiceSignals implements SignalReader {
	readonly #series = new Map<SignalName, Series>();

	push(name: SignalName, at: number, value: number): void {
		if (!Number.isFinite(value)) return;
		let series = this.#series.get(name);
		if (series === undefined) {
			series = new Series();
			this.#series.set(name, series);
		}
		series.push(at, value);
	}

	latest(name: SignalName): Sample | undefined {
		return this.#series.get(name)?.latest();
	}

	range(name: SignalName, from: number, to: number): readonly Sample[] {
		return this.#series.get(name)?.range(from, to) ?? [];
	}

	names(): readonly SignalName[] {
		return [...this.#series.keys()];
	}
}

/** Signals by service. A service that is gone for good is forgotten. */
export class SignalStore {
	readonly #services = new Map<string, ServiceSignals>();

	of(serviceId: string): ServiceSignals {
		let signals = this.#services.get(serviceId);
		if (signals === undefined) {
			signals = new ServiceSignals();
			this.#services.set(serviceId, signals);
		}
		return signals;
	}

	keepOnly(serviceIds: ReadonlySet<string>): void {
		for (const id of this.#services.keys()) if (!serviceIds.has(id)) this.#services.delete(id);
	}
}
