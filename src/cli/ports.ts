import type { Clock } from '../domain/clock.ts';
import type { Engine } from '../domain/engine.ts';
import type { Service } from '../domain/service.ts';
import type { SignalReader } from '../domain/signal.ts';
import type { Situation } from '../domain/situation.ts';
import type { SystemPort } from './doctor/systemPort.ts';
import type { GlobalOptions } from './globals.ts';
import type { JournalTools } from './journal/port.ts';
import type { PlaybookPort } from './playbook/port.ts';

/** Where a command writes to. */
export interface Output {
	readonly isTTY: boolean;
	/** Terminal width in cells, now; absent where it is no terminal. */
	readonly columns: number | undefined;
	readonly rows: number | undefined;
	/** @returns false where the writer should wait for `drained` before it writes more. Does nothing once the reader is gone. */
	write(data: string | Uint8Array): boolean;
	drained(): Promise<void>;
	/** Aborted when the reader has gone away (EPIPE, EIO): nothing is worth doing any more. */
	readonly gone: AbortSignal;
}

/** Where a command reads from. */
export interface Input {
	readonly isTTY: boolean;
	/** Lines without their end; ends at EOF. Can be taken once. */
	lines(): AsyncIterable<string>;
	/** Asks without echo; `undefined` where the input has ended, or Ctrl-C was pressed. */
	askSecret(question: string, output: Output): Promise<string | undefined>;
}

export interface SituationRequest {
	/** How long to observe before judging, ms: rates and CPU need two readings. */
	readonly settleMs?: number;
	/** Only these services matter; ids as in `Service.id`. Absent means all. */
	readonly services?: readonly string[];
	readonly signal?: AbortSignal;
}

/** A situation that is kept up to date. */
export interface Watching {
	/** Signals of one service, for its metrics; absent where they are not kept. */
	signals?(serviceId: string): SignalReader | undefined;
	close(): void;
}

export interface WatchSink {
	/** Called with each new situation, at most a few times a second. */
	situation(situation: Situation): void;
	/** The engine went away or came back, in one line. */
	notice(words: string): void;
}

/** One address that was considered as the engine, and what it answered. */
export interface EngineTrial {
	/** Such as `DOCKER_HOST` or `current docker context "prod"`. */
	readonly origin: string;
	readonly address: string;
	/** In words: `answers`, `no such socket`, `permission denied`. */
	readonly outcome: string;
	readonly chosen: boolean;
}

/** What `init` writes. */
export interface InitialConfig {
	/** The YAML. */
	readonly text: string;
	/** What a person should look at, one line each. */
	readonly notes: readonly string[];
}

/** One fault the range can be given. */
export interface DrillFault {
	readonly name: string;
	/** One line in words. */
	readonly title: string;
}

/** What every drill command is given. */
export interface DrillRequest {
	readonly globals: GlobalOptions;
	/** The answer as one JSON document. */
	readonly json: boolean;
	/** A line of the answer. */
	readonly print: (line: string) => void;
	/** A line about what is being done. */
	readonly say: (line: string) => void;
	/** Ends it between two steps. */
	readonly signal: AbortSignal;
}

/** The range and its faults; each function reports its progress line by line and rejects when it fails or is ended. */
export interface DrillPort {
	readonly faults: readonly DrillFault[];
	up(request: DrillRequest): Promise<void>;
	down(request: DrillRequest): Promise<void>;
	break(request: DrillRequest & { readonly fault: string }): Promise<void>;
	/** Takes one fault back, or every one. */
	heal(request: DrillRequest & { readonly fault: string | undefined }): Promise<void>;
}

/** Everything the command line needs of the world. */
export interface CliPorts {
	/** sitrep's own version. */
	readonly version: string;
	readonly stdout: Output;
	readonly stderr: Output;
	readonly stdin: Input;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly clock: Clock;
	readonly workingDir: string;
	/** Aborts on SIGINT, SIGTERM or SIGHUP, with the signal's name as its reason. Only commands that end that way ask for it. */
	interrupts(): AbortSignal;
	/** The engine these options lead to; one per process. @throws EngineError */
	engine(globals: GlobalOptions): Promise<Engine>;
	/** @throws EngineError where the engine does not answer */
	situation(globals: GlobalOptions, request: SituationRequest): Promise<Situation>;
	/** The services as the engine lists them now, without judging. @throws EngineError */
	services(globals: GlobalOptions): Promise<readonly Service[]>;
	watch(globals: GlobalOptions, sink: WatchSink): Promise<Watching>;
	/** Runs the full-screen console until it ends. @returns the exit code */
	openConsole(globals: GlobalOptions): Promise<number>;
	/** Never rejects for an engine that does not answer: that is an outcome. */
	engineTrials(globals: GlobalOptions): Promise<readonly EngineTrial[]>;
	initialConfig(globals: GlobalOptions): Promise<InitialConfig>;
	/** Rejects with code EEXIST where the file exists and `overwrite` is false. */
	writeFile(path: string, text: string, options: { readonly overwrite: boolean }): Promise<void>;
	/** Ids of services, for completion: quick, and empty where nothing answers. */
	serviceNames(globals: GlobalOptions, timeoutMs: number): Promise<readonly string[]>;
	/** Names of docker contexts, for completion. */
	contextNames(): Promise<readonly string[]>;
	/** The journal in the state folder; loaded only when a journal command runs. */
	journal(): Promise<JournalTools>;
	/** Loaded only when a command about playbooks runs. */
	playbooks(): Promise<PlaybookPort>;
	/** Loaded only when a drill command runs. */
	drill(): Promise<DrillPort>;
	readonly system: SystemPort;
}

/** What a command's action gets. */
export interface CliContext extends CliPorts {
	/** Sets the exit code of a command that ends without an error. */
	exit(code: number): void;
}
