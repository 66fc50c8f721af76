import { afterAll, beforeAll } from 'vitest';
import type Docker from 'dockerode';
import { engineClient } from '../../../src/drill/engineClient.ts';
import { breakRange } from '../../../src/drill/rangeBreak.ts';
import { heal } from '../../../src/drill/rangeHeal.ts';
import { down } from '../../../src/drill/rangeDown.ts';
import { containerName, type Part } from '../../../src/drill/rangeNames.ts';
import { replaceContainer, up, type RangeState } from '../../../src/drill/rangeUp.ts';
import { until } from '../../../src/drill/until.ts';
import { patienceMs } from '../../support/patience.ts';

/** The engine of the tests, which the global set-up has found or started. */
export function testEngine(): string {
	const host = process.env['SITREP_TEST_ENGINE'];
	if (host === undefined) {
		throw new Error('SITREP_TEST_ENGINE is not set: the global set-up did not run');
	}
	return host;
}

/** A range of its own for one test file: up before its tests, gone after them. */
export class TestRange {
	readonly name: string;
	readonly docker: Docker;
	#state: RangeState | undefined;

	constructor(name: string) {
		// The process number keeps two runs on one engine apart.
		this.name = `${name}-${process.pid}`;
		this.docker = engineClient(testEngine());
		beforeAll(async () => {
			this.#state = await up(this.docker, this.name, () => {});
		});
		afterAll(async () => {
			await down(this.docker, this.name, true);
		});
	}

	get url(): string {
		return this.#state?.url ?? '';
	}

	async break(fault: string): Promise<void> {
		await breakRange(this.docker, this.name, fault);
	}

	/** Puts the service on another version, as a deployment does. */
	async deploy(version: string): Promise<void> {
		await replaceContainer(this.docker, this.name, 'api', Number(new URL(this.url).port), version);
		await this.docker.getContainer(containerName(this.name, 'api')).start();
	}

	async heal(): Promise<void> {
		await heal(this.docker, this.name);
	}

	async state(part: Part = 'api'): Promise<Docker.ContainerInspectInfo['State']> {
		return (await this.docker.getContainer(containerName(this.name, part)).inspect()).State;
	}

	/** The newest lines of a part's log, stdout and stderr together. */
	async log(part: Part = 'api', tail = 50): Promise<string> {
		return (await this.docker.getContainer(containerName(this.name, part)).logs({ stdout: true, stderr: true, tail })).toString('utf8');
	}

	/** Status and body of an answer of the service. */
	async get(path: string): Promise<{ status: number; text: string }> {
		const response = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(patienceMs) });
		return { status: response.status, text: await response.text() };
	}

	/** Waits until `look` is content with what it sees. @throws TimeoutError */
	async sees(what: string, look: () => Promise<boolean>, timeoutMs = patienceMs): Promise<boolean> {
		return until(look, { timeoutMs, everyMs: 100, what });
	}
}

/** The value of one sample in the Prometheus text format, summed over the series that match. */
export function sample(text: string, pattern: RegExp): number {
	return text
		.split('\n')
		.filter((line) => pattern.test(line))
		.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
