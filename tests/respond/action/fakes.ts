import type { CommandEnd, CommandSpec, CommandSupervisor, ExecutionEvidence, RunningCommand } from '../../../src/domain/run/execution.ts';
import type { ActionPorts, ExecutionFiles } from '../../../src/respond/action/ports.ts';
import { FakeEngine } from '../../support/fakeEngine.ts';
import { ManualClock } from '../../support/manualClock.ts';

export const commandEnd = (over: Partial<CommandEnd> = {}): CommandEnd => ({
	exitCode: 0,
	timedOut: false,
	cancelled: false,
	startedAt: 0,
	endedAt: 100,
	durationMs: 100,
	bytes: 3,
	lines: 1,
	droppedBytes: 0,
	survivors: [],
	...over,
});

/** Remembers what it was asked, and ends commands when told to. */
export class FakeSupervisor implements CommandSupervisor {
	readonly specs: CommandSpec[] = [];
	readonly calls: string[] = [];
	found: ExecutionEvidence = { kind: 'never' };
	refuses: Error | undefined;
	#end = Promise.withResolvers<CommandEnd>();

	end(over: Partial<CommandEnd> = {}): void {
		this.#end.resolve(commandEnd(over));
	}

	warm(): void {
		this.calls.push('warm');
	}

	start(spec: CommandSpec): Promise<RunningCommand> {
		this.specs.push(spec);
		return this.refuses === undefined ? Promise.resolve(this.#running()) : Promise.reject(this.refuses);
	}

	attach(folder: string): Promise<RunningCommand | undefined> {
		this.calls.push(`attach ${folder}`);
		return Promise.resolve(this.#running());
	}

	evidence(): Promise<ExecutionEvidence> {
		return Promise.resolve(this.found);
	}

	close(): void {
		this.calls.push('close');
	}

	#running(): RunningCommand {
		return {
			ended: this.#end.promise,
			cancel: () => {
				this.end({ cancelled: true, survivors: ['12 sleep'] });
				return this.#end.promise;
			},
			detach: () => void this.calls.push('detach'),
		};
	}
}

/** Files in memory. */
export class FakeFiles implements ExecutionFiles {
	written = { stdout: '', stderr: '', cut: { stdout: false, stderr: false } };
	toolValue: unknown;
	forgotten = false;
	kept: { folder: string; text: string; secrets: readonly string[]; hide: boolean } | undefined;

	tails(): ReturnType<ExecutionFiles['tails']> {
		return Promise.resolve(this.written);
	}

	value(_folder: string, forget: boolean): Promise<unknown> {
		this.forgotten = forget;
		return Promise.resolve(this.toolValue);
	}

	keep(...[folder, output, { secrets, hide }]: Parameters<ExecutionFiles['keep']>): ReturnType<ExecutionFiles['keep']> {
		const text = [...output].map((piece) => `${piece.stream === 'stderr' ? 'E:' : ''}${Buffer.from(piece.bytes).toString('utf8')}`).join('');
		this.kept = { folder, text, secrets, hide };
		return Promise.resolve({ bytes: Buffer.byteLength(text), lines: 1, droppedBytes: 0, folder });
	}
}

export interface FakePorts extends ActionPorts {
	readonly supervisor: FakeSupervisor;
	readonly engine: FakeEngine;
	readonly files: FakeFiles;
	readonly clock: ManualClock;
}

export const fakePorts = (over: Partial<ActionPorts> = {}): FakePorts => ({
	tool: ['/usr/bin/node', '/opt/tool.js'],
	environment: { PATH: '/usr/bin:/bin' },
	workingDir: '/work',
	shell: { program: '/bin/sh', kind: 'sh' },
	fetch,
	...over,
	supervisor: new FakeSupervisor(),
	engine: new FakeEngine(),
	files: new FakeFiles(),
	clock: new ManualClock(),
});
