import fc from 'fast-check';

const name = fc.constantFrom('A', 'B', 'PATH', 'MODE', 'X_Y');
const value = fc.constantFrom('', '1', '2', 'a=b', 'two words');
const seconds = fc.constantFrom(0, 1e9, 5e9, 30e9);
const word = fc.constantFrom('sh', '-c', 'run', 'node', 'x y');

const map = (keys: readonly string[]) => fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: keys.length });
const set = (keys: readonly string[]) => fc.uniqueArray(fc.constantFrom(...keys)).map((found) => Object.fromEntries(found.map((key) => [key, {}])));
const env = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 }).map((entries) => entries.map(([key, one]) => `${key}=${one}`));
const argv = fc.array(word, { minLength: 1, maxLength: 3 });

const health = fc.record({ Test: fc.oneof(fc.constant(['NONE']), argv.map((words) => ['CMD', ...words])), Interval: seconds, Timeout: seconds, Retries: fc.constantFrom(0, 1, 3) });
/** As the engine keeps it: figures that are 0 are left out. */
const tidy = (check: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(check).filter(([, one]) => one !== 0));

const shared = {
	Env: env,
	Labels: map(['one', 'two', 'com.example.three']),
	ExposedPorts: set(['80/tcp', '81/tcp', '53/udp']),
	Volumes: set(['/data', '/cache']),
	User: fc.constantFrom('', 'app', '1:2'),
	WorkingDir: fc.constantFrom('', '/app', '/srv'),
	StopSignal: fc.constantFrom('', 'SIGTERM', 'SIGINT'),
};

/** `Config` of an image. */
export const anImage = fc.record({ ...shared, Cmd: fc.option(argv), Entrypoint: fc.option(argv), Healthcheck: fc.option(health.map(tidy), { nil: undefined }) });

/** What a person asks of a container, in the words of the create call. */
export const aRequest = fc.record({
	...shared,
	Cmd: fc.option(argv),
	Entrypoint: fc.option(fc.oneof(argv, fc.constant(['']))),
	Healthcheck: fc.option(health.map(tidy), { nil: undefined }),
	Tty: fc.boolean(),
	Hostname: fc.constantFrom('', 'own'),
	StopTimeout: fc.option(fc.constantFrom(1, 30), { nil: undefined }),
});
