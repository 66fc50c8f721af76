import type { ContainerCreateOptions } from 'dockerode';

/** What a kind of container may refer to. */
export interface KindPlaces {
	readonly network: string;
	readonly second: string;
	/** An address on the first network that nobody else has. */
	readonly address: string;
	/** A running container to share with. */
	readonly peer: string;
	/** A free port of the host. */
	readonly port: number;
	readonly volume: string;
}

export interface Kind {
	readonly name: string;
	readonly make: (places: KindPlaces) => Partial<ContainerCreateOptions>;
	/** What has to be asked of the other image beside it, to come to the same. */
	readonly comesTo?: Partial<ContainerCreateOptions>;
	/** Joined after it was made. */
	readonly more?: (places: KindPlaces) => { readonly network: string; readonly endpoint: Readonly<Record<string, unknown>>; /** Left by hand. */ readonly leave?: string };
}

const second = 1e9;
const stay = 'trap "exit 0" TERM; while :; do sleep 0.2; done';
const healthy = { Test: ['CMD-SHELL', 'exit 0'], Interval: second / 4, Timeout: 40 * second, Retries: 3 };

/** Each sets something that a recreated container has to have again. What a typing lacks is still what the engine takes. */
export const kinds: readonly Kind[] = [
	{ name: 'nothing set', make: () => ({}) },
	{ name: 'variables, one over a default, one empty', make: () => ({ Env: ['OWN=1', 'COMMON=mine', 'EMPTY=', 'WITH=a=b c'] }) },
	{ name: 'labels, one over a default', make: () => ({ Labels: { own: 'x', common: 'mine', 'sitrep.other': '{"a":1}' } }) },
	{ name: 'a published port with an address', make: ({ network, port }) => ({ ExposedPorts: { '7000/tcp': {} }, HostConfig: { NetworkMode: network, PortBindings: { '7000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } }) },
	{ name: 'a published port that only the image exposes', make: ({ network, port }) => ({ HostConfig: { NetworkMode: network, PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } }), comesTo: { ExposedPorts: { '8000/tcp': {} } } },
	{ name: 'exposed ports', make: () => ({ ExposedPorts: { '7001/tcp': {}, '7002/udp': {} } }) },
	{ name: 'a named volume', make: ({ volume }) => ({ HostConfig: { Binds: [`${volume}:/store`] } }) },
	{ name: 'a named volume over the path of the image\'s', make: ({ volume }) => ({ HostConfig: { Binds: [`${volume}:/old-data`] } }) },
	{ name: 'a read-only named volume as a mount', make: ({ volume }) => ({ HostConfig: { Mounts: [{ Type: 'volume', Source: volume, Target: '/store', ReadOnly: true }] } }) },
	{ name: 'an own volume without a name', make: () => ({ Volumes: { '/own': {} } }) },
	{ name: 'a mount without a name', make: () => ({ HostConfig: { Mounts: [{ Type: 'volume', Source: '', Target: '/mounted' }] } }) },
	{ name: 'binds, one read-only', make: () => ({ HostConfig: { Binds: ['/tmp:/host-tmp', '/etc/hostname:/name:ro'] } }) },
	{ name: 'a bind as a mount with a propagation', make: () => ({ HostConfig: { Mounts: [{ Type: 'bind', Source: '/usr', Target: '/host-usr', ReadOnly: true, BindOptions: { Propagation: 'rprivate' } }] } }) },
	{ name: 'tmpfs with options', make: () => ({ HostConfig: { Tmpfs: { '/scratch': 'size=64k,mode=1770' } } }) },
	{ name: 'tmpfs as a mount', make: () => ({ HostConfig: { Mounts: [{ Type: 'tmpfs', Source: '', Target: '/scratch', TmpfsOptions: { SizeBytes: 65_536, Mode: 0o1770 } }] } }) },
	{ name: 'aliases on a network', make: ({ network }) => ({ HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['api', 'api.internal'] } } } }) },
	{ name: 'a fixed address', make: ({ network, address }) => ({ HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } } }) },
	{
		name: 'two networks with names',
		make: ({ network }) => ({ HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['first'] } } } }),
		more: ({ second: other }) => ({ network: other, endpoint: { Aliases: ['backend'] } }),
	},
	{
		name: 'another network than it was made with',
		make: ({ network }) => ({ HostConfig: { NetworkMode: network } }),
		more: ({ network, second: other }) => ({ network: other, endpoint: { Aliases: ['moved'] }, leave: network }),
	},
	{ name: 'a hardware address', make: ({ network }) => ({ MacAddress: '02:42:0a:11:22:33', HostConfig: { NetworkMode: network } }) },
	{ name: 'a link by name on a network', make: ({ network, peer }) => ({ HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: { Links: [`${peer}:db`] } } } }) },
	{ name: 'the host\'s network', make: () => ({ HostConfig: { NetworkMode: 'host' } }) },
	{ name: 'another\'s network', make: ({ peer }) => ({ HostConfig: { NetworkMode: `container:${peer}` } }) },
	{ name: 'limits of memory', make: () => ({ HostConfig: { Memory: 32 * 1024 * 1024, MemorySwap: 64 * 1024 * 1024, MemoryReservation: 16 * 1024 * 1024 } }) },
	{ name: 'a memory limit alone', make: () => ({ HostConfig: { Memory: 32 * 1024 * 1024 } }) },
	{ name: 'cores', make: () => ({ HostConfig: { NanoCpus: 250_000_000 } }) },
	{ name: 'cpu shares, quota and set', make: () => ({ HostConfig: { CpuShares: 512, CpuPeriod: 100_000, CpuQuota: 50_000, CpusetCpus: '0', CpusetMems: '0' } }) },
	{ name: 'a limit of processes', make: () => ({ HostConfig: { PidsLimit: 40 } }) },
	{ name: 'capabilities', make: () => ({ HostConfig: { CapAdd: ['NET_ADMIN', 'SYS_TIME'], CapDrop: ['MKNOD'] } }) },
	{ name: 'devices and their rules', make: () => ({ HostConfig: { Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/hole', CgroupPermissions: 'r' }], DeviceCgroupRules: ['c 42:* rmw'] } }) },
	{ name: 'ulimits', make: () => ({ HostConfig: { Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 2048 }, { Name: 'core', Soft: 0, Hard: 0 }] } }) },
	{ name: 'kernel settings', make: ({ network }) => ({ HostConfig: { NetworkMode: network, Sysctls: { 'net.ipv4.ip_local_port_range': '20000 30000', 'net.core.somaxconn': '256' } } }) },
	{ name: 'name servers', make: ({ network }) => ({ HostConfig: { NetworkMode: network, Dns: ['127.0.0.53'], DnsSearch: ['internal.example'], DnsOptions: ['ndots:2'] } }) },
	{ name: 'extra hosts', make: ({ network }) => ({ HostConfig: { NetworkMode: network, ExtraHosts: ['db.internal:10.9.8.7'] } }) },
	{ name: 'options of the log', make: () => ({ HostConfig: { LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2', labels: 'own' } } } }) },
	{ name: 'another log driver', make: () => ({ HostConfig: { LogConfig: { Type: 'local', Config: { 'max-size': '1m' } } } }) },
	{ name: 'no log', make: () => ({ HostConfig: { LogConfig: { Type: 'none', Config: {} } } }) },
	{ name: 'restarted always', make: () => ({ HostConfig: { RestartPolicy: { Name: 'always' } } }) },
	{ name: 'restarted unless stopped', make: () => ({ HostConfig: { RestartPolicy: { Name: 'unless-stopped' } } }) },
	{ name: 'restarted on failure', make: () => ({ HostConfig: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 4 } } }) },
	{ name: 'a health check', make: () => ({ Healthcheck: { ...healthy, StartPeriod: 2 * second } }) },
	{ name: 'only the interval of a health check', make: () => ({ Healthcheck: { Interval: second / 5 } }) },
	{ name: 'no health check over the image\'s', make: () => ({ Healthcheck: { Test: ['NONE'] } }) },
	{ name: 'a command', make: () => ({ Cmd: ['-c', `: own; ${stay}`] }) },
	{ name: 'an entry point with a command', make: () => ({ Entrypoint: ['/bin/busybox', 'sh'], Cmd: ['-c', stay] }) },
	{ name: 'an entry point alone', make: () => ({ Entrypoint: ['/bin/sh', '-c', stay] }) },
	{ name: 'no entry point', make: () => ({ Entrypoint: [''], Cmd: ['/bin/sh', '-c', stay] }) },
	{ name: 'a user by numbers', make: () => ({ User: '1234:567' }) },
	{ name: 'a working folder', make: () => ({ WorkingDir: '/tmp' }) },
	{ name: 'names', make: () => ({ Hostname: 'own-host', Domainname: 'own.example' }) },
	{ name: 'a terminal and stdin', make: () => ({ Tty: true, OpenStdin: true, StdinOnce: true, AttachStdin: true }) },
	{ name: 'an init', make: () => ({ HostConfig: { Init: true } }) },
	{ name: 'read-only', make: () => ({ HostConfig: { ReadonlyRootfs: true } }) },
	{ name: 'shared memory', make: () => ({ HostConfig: { ShmSize: 1024 * 1024 } }) },
	{ name: 'the host\'s processes', make: () => ({ HostConfig: { PidMode: 'host' } }) },
	{ name: 'another\'s processes', make: ({ peer }) => ({ HostConfig: { PidMode: `container:${peer}` } }) },
	{ name: 'shareable memory segments', make: () => ({ HostConfig: { IpcMode: 'shareable' } }) },
	{ name: 'the host\'s memory segments', make: () => ({ HostConfig: { IpcMode: 'host' } }) },
	{ name: 'the host\'s names', make: () => ({ HostConfig: { UTSMode: 'host' } }) },
	{ name: 'security options', make: () => ({ HostConfig: { SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] } }) },
	{ name: 'a stop signal and grace', make: () => ({ StopSignal: 'SIGKILL', StopTimeout: 3 }) },
	{ name: 'groups', make: () => ({ HostConfig: { GroupAdd: ['44', '1001'] } }) },
	{ name: 'what to do when memory is short', make: () => ({ HostConfig: { OomScoreAdj: 300, OomKillDisable: false, MemorySwappiness: 10 } }) },
	{ name: 'weight and rates of disks', make: () => ({ HostConfig: { BlkioWeight: 300, BlkioDeviceReadBps: [], BlkioWeightDevice: [] } }) },
	{ name: 'a parent of its control group', make: () => ({ HostConfig: { CgroupParent: '/sitrep-test' } }) },
	{ name: 'its own view of control groups', make: () => ({ HostConfig: { CgroupnsMode: 'private' } }) },
	{ name: 'volumes of another', make: ({ peer }) => ({ HostConfig: { VolumesFrom: [`${peer}:ro`] } }) },
	{ name: 'paths that are shown again', make: () => ({ HostConfig: { MaskedPaths: ['/proc/kcore'], ReadonlyPaths: [] } }) },
	{ name: 'a runtime by name', make: () => ({ HostConfig: { Runtime: 'runc' } }) },
	{ name: 'all ports published', make: ({ network }) => ({ HostConfig: { NetworkMode: network, PublishAllPorts: true } }) },
	{ name: 'no network, said twice', make: () => ({ NetworkDisabled: true, HostConfig: { NetworkMode: 'none' } }) },
];
