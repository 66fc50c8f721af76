/** States a container can be in, as every engine we know reports them. */
export type ContainerState =
	| 'created'
	| 'running'
	| 'paused'
	| 'restarting'
	| 'removing'
	| 'exited'
	| 'dead';

/** Result of the container's own health check; `none` where it has none. */
export type HealthStatus = 'none' | 'starting' | 'healthy' | 'unhealthy';

export interface Port {
	readonly container: number;
	readonly protocol: 'tcp' | 'udp' | 'sctp';
	/** Host port, absent where the port is exposed but not published. */
	readonly host?: number;
	readonly hostIp?: string;
}

export interface Mount {
	readonly kind: 'bind' | 'volume' | 'tmpfs' | 'other';
	/** Host path, or volume name. */
	readonly source: string;
	readonly target: string;
	readonly readOnly: boolean;
}

/** What an engine's list tells of a container, without asking for it alone. */
export interface ContainerSummary {
	/** The engine's full id. */
	readonly id: string;
	/** Without a leading slash. */
	readonly name: string;
	readonly image: string;
	readonly imageId: string;
	/** Epoch ms. */
	readonly createdAt: number;
	readonly state: ContainerState;
	readonly health: HealthStatus;
	/** Exit code of the last run, where the container is not running. */
	readonly exitCode?: number;
	/** Epoch ms, approximate where `detail` is absent. */
	readonly startedAt?: number;
	/** Epoch ms, approximate where `detail` is absent. */
	readonly finishedAt?: number;
	readonly ports: readonly Port[];
	readonly mounts: readonly Mount[];
	readonly networks: readonly string[];
	readonly labels: Readonly<Record<string, string>>;
	/** What owns it: a compose project, a Swarm stack, a namespace. */
	readonly group?: string;
	/** Its service within the group; absent for a lone container. */
	readonly service?: string;
	/** Replica number within the service. */
	readonly replica?: number;
	/** Who keeps it running. */
	readonly manager: 'none' | 'compose' | 'swarm';
	readonly detail?: ContainerDetail;
}

/** One result of the container's own health check. */
export interface HealthResult {
	/** Epoch ms. */
	readonly startedAt: number;
	readonly durationMs: number;
	readonly exitCode: number;
	/** The probe's own words, cut by the engine (Docker keeps 4,096 bytes). */
	readonly output: string;
}

/** What only an inspect tells. */
export interface ContainerDetail {
	/** Epoch ms of the inspect. */
	readonly at: number;
	readonly command: readonly string[];
	readonly pid?: number;
	readonly oomKilled: boolean;
	/** The engine's own error, such as a port that is taken. */
	readonly error?: string;
	/** Restarts by the engine's policy only; manual ones are not in it. */
	readonly policyRestarts: number;
	readonly restartPolicy: string;
	/** Signal by which a stop asks it to end, such as `SIGTERM`; absent where it is the engine's own choice. */
	readonly stopSignal?: string;
	/** Removed by the engine as soon as it stops (`--rm`). */
	readonly autoRemove: boolean;
	readonly tty: boolean;
	readonly logDriver: string;
	readonly imageDigest?: string;
	/** Epoch ms at which the image was built. */
	readonly imageCreatedAt?: number;
	/** Bytes; absent where unlimited. */
	readonly memoryLimit?: number;
	/** Cores; absent where unlimited. */
	readonly cpuLimit?: number;
	readonly pidsLimit?: number;
	readonly healthCheck?: {
		readonly test: readonly string[];
		readonly intervalMs: number;
		readonly timeoutMs: number;
		readonly retries: number;
	};
	/** Oldest first; Docker keeps the last 5. */
	readonly healthLog: readonly HealthResult[];
	readonly failingStreak: number;
	/** Network name to address. */
	readonly addresses: Readonly<Record<string, string>>;
}
