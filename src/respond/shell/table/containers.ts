import { hasOption, plainWords } from '../options.ts';
import type { CommandRule } from '../rule.ts';
import { changes, destroys, each, family, judged, reads } from '../rule.ts';
import type { ShellWord } from '../types.ts';
import type { Context, Verdict } from '../verdict.ts';
import { both, change, read } from '../verdict.ts';

const execValued = ['-e', '--env', '--env-file', '-u', '--user', '-w', '--workdir', '--detach-keys', '--index'];

const runValued = [
	...execValued,
	'-p', '--publish', '-v', '--volume', '--name', '--network', '--net', '--restart', '-m', '--memory', '--cpus', '--mount', '--entrypoint', '-h',
	'--hostname', '-l', '--label', '--log-driver', '--log-opt', '--health-cmd', '--health-interval', '--health-timeout', '--health-retries', '--health-start-period', '--add-host', '--dns', '--device', '--cap-add',
	'--cap-drop', '--security-opt', '--ulimit', '--tmpfs', '--platform', '--pid', '--ipc', '--memory-swap', '--stop-timeout', '--stop-signal', '--gpus', '--shm-size', '--network-alias', '--ip',
	'--expose', '--link', '--volumes-from', '--userns', '--cgroupns', '--pull', '--cidfile',
];

const interactiveExec = (words: readonly ShellWord[], optionCount: number): boolean => hasOption(words.slice(0, optionCount), ['-t', '--tty', '-it', '-ti']);

/** `docker exec [options] container command …`: as risky as what it runs in there. */
const exec =
	(shown: string) =>
	(words: readonly ShellWord[], context: Context): Verdict => {
		const target = plainWords(words, { valued: execValued })[0];
		if (target === undefined) return read(`${shown} without a container runs nothing`);
		const rest = words.slice(target.index + 1);
		const inner = rest.length === 0 ? read(`${shown} without a command runs nothing`) : context.argv(rest, shown);
		// Without -i the command in there gets no input at all.
		if (interactiveExec(words, target.index)) return { ...inner, interactive: `${shown} -t waits for a person at a terminal` };
		return inner;
	};

/** `docker run [options] image command …`: creates a container, and runs what it is told in there. */
const run =
	(shown: string) =>
	(words: readonly ShellWord[], context: Context): Verdict => {
		const image = plainWords(words, { valued: runValued })[0];
		const options = image === undefined ? words : words.slice(0, image.index);
		const rest = image === undefined ? [] : words.slice(image.index + 1);
		const made = change(`${shown} creates a container`);
		const verdict = rest.length === 0 ? made : both(made, context.argv(rest, shown));
		return hasOption(options, ['-t', '--tty', '-it', '-ti']) && !hasOption(options, ['-d', '--detach']) ? { ...verdict, interactive: `${shown} -t waits for a person at a terminal` } : verdict;
	};

const lists = reads('only shows');
const prune = (what: string): CommandRule => destroys(`removes ${what}`, { asksWithout: ['-f', '--force'] });
const following: CommandRule = reads('only shows', { endless: { with: ['-f', '--follow'] } });

const containerCommands: Readonly<Record<string, CommandRule>> = {
	...each('ps ls list port diff inspect', lists),
	top: lists,
	logs: following,
	stats: reads('only shows', { endless: { without: ['--no-stream'] } }),
	...each('start stop restart pause unpause rename update', changes('changes whether and how a container runs')),
	kill: changes('ends a container without a chance to finish'),
	create: changes('creates a container'),
	run: judged(run('docker run')),
	exec: judged(exec('docker exec')),
	cp: changes('copies files over those that are there'),
	commit: changes('makes an image'),
	export: reads('only reads', { options: [[['-o', '--output'], 'change', '-o writes a file']] }),
	wait: reads('waits for a container to end'),
	attach: changes('sits down at the terminal of a container', { interactive: 'always' }),
	rm: destroys('removes containers and what was written inside them'),
	prune: prune('every stopped container'),
};

const imageCommands: Readonly<Record<string, CommandRule>> = {
	...each('ls list inspect history', lists),
	...each('pull push tag load import build', changes('changes images')),
	save: reads('only reads', { options: [[['-o', '--output'], 'change', '-o writes a file']] }),
	rm: destroys('removes images'),
	prune: prune('images'),
};

const object = (what: string, more: Readonly<Record<string, CommandRule>> = {}): CommandRule =>
	family({ ...each('ls list inspect ps tasks', lists), ...each('create connect disconnect update scale rollback promote demote', changes(`changes ${what}`)), rm: destroys(`removes ${what}`), prune: prune(what), ...more });

const globalValued = ['-H', '--host', '-c', '--context', '-l', '--log-level', '--config', '--tlscacert', '--tlscert', '--tlskey'];

const composeValued = ['-f', '--file', '-p', '--project-name', '--profile', '--project-directory', '--env-file', '--ansi', '--parallel', '-H', '--host', '-c', '--context'];

const compose: CommandRule = family(
	{
		...each('ps ls images port top config version convert', lists),
		logs: following,
		events: reads('only shows', { endless: 'always' }),
		stats: reads('only shows', { endless: { without: ['--no-stream'] } }),
		up: changes('creates and starts containers, in the place of those that changed', {
			endless: { without: ['-d', '--detach', '--wait', '--no-start'] },
			options: [[['-V', '--renew-anon-volumes', '--remove-orphans'], 'destructive', 'removes volumes or containers']],
		}),
		down: changes('stops and removes containers and networks', { options: [[['-v', '--volumes', '--rmi'], 'destructive', 'removes volumes or images as well']] }),
		rm: destroys('removes containers and what was written inside them', { asksWithout: ['-f', '--force'] }),
		...each('start stop restart pause unpause create build pull push scale cp', changes('changes whether and how containers run')),
		kill: changes('ends containers without a chance to finish'),
		exec: judged(composeExec),
		run: judged(run('docker compose run')),
		watch: changes('rebuilds on every change', { endless: 'always' }),
	},
	{ valued: composeValued },
);

/** `docker compose exec` has a terminal unless -T says otherwise. */
function composeExec(words: readonly ShellWord[], context: Context): Verdict {
	const verdict = exec('docker compose exec')(words, context);
	const target = plainWords(words, { valued: execValued })[0];
	const options = target === undefined ? words : words.slice(0, target.index);
	return hasOption(options, ['-T', '--no-TTY', '-d', '--detach']) ? verdict : { ...verdict, mayAsk: 'docker compose exec wants a terminal; -T does without' };
}

const docker: CommandRule = family(
	{
		...containerCommands,
		...each('version info search history images', lists),
		events: reads('only shows', { endless: { without: ['--until'] } }),
		...each('pull push tag load import', changes('changes images')),
		save: imageCommands['save'] ?? lists,
		build: changes('builds an image'),
		buildx: family({ ...each('ls du inspect version imagetools', lists), ...each('build bake create use', changes('builds an image')), ...each('rm prune', destroys('removes what builds have kept')) }),
		rmi: destroys('removes images'),
		login: changes('signs in', { interactive: { without: ['--password-stdin', '-p', '--password'] } }),
		logout: changes('signs out'),
		container: family(containerCommands),
		image: family(imageCommands),
		volume: object('volumes and all that is in them'),
		network: object('networks'),
		context: object('contexts', { show: lists, use: changes('changes the engine that is spoken to') }),
		service: object('services', { logs: following }),
		stack: object('stacks', { services: lists, deploy: changes('changes a stack'), up: changes('changes a stack'), down: destroys('removes a stack') }),
		node: object('nodes'),
		secret: object('secrets'),
		config: object('configurations'),
		plugin: object('plugins', { ...each('install enable disable upgrade', changes('changes plugins')) }),
		swarm: family({ ...each('ca join-token unlock-key', lists), ...each('init join update unlock', changes('changes the swarm')), leave: destroys('leaves the swarm') }),
		system: family({ ...each('df info', lists), events: reads('only shows', { endless: { without: ['--until'] } }), prune: prune('everything that is not in use') }),
		builder: family({ build: changes('builds an image'), prune: prune('what builds have kept') }),
		compose,
	},
	{ valued: globalValued },
);

/** `kubectl exec pod -- command`. */
const kubectlExec = (words: readonly ShellWord[], context: Context): Verdict => {
	const dashes = words.findIndex(({ value }) => value === '--');
	const options = dashes < 0 ? words : words.slice(0, dashes);
	const rest = dashes < 0 ? words.slice((plainWords(words, { valued: ['-n', '--namespace', '-c', '--container'] })[0]?.index ?? words.length) + 1) : words.slice(dashes + 1);
	const inner = rest.length === 0 ? read('kubectl exec without a command runs nothing') : context.argv(rest, 'kubectl exec');
	return hasOption(options, ['-t', '--tty', '-it', '-ti']) ? { ...inner, interactive: 'kubectl exec -t waits for a person at a terminal' } : inner;
};

const dryRun = ['--dry-run'];

const kubectl: CommandRule = family(
	{
		...each('describe top version explain api-resources api-versions cluster-info diff events options', lists),
		get: reads('only shows', { endless: { with: ['-w', '--watch', '--watch-only'] } }),
		wait: reads('waits for a condition'),
		logs: following,
		auth: reads('only asks'),
		config: family({ ...each('view get-contexts current-context get-clusters get-users', lists), ...each('use-context set set-context set-cluster set-credentials rename-context unset', changes('changes the settings of kubectl')), ...each('delete-context delete-cluster delete-user', destroys('removes settings')) }),
		rollout: family({ ...each('status history', lists), ...each('restart undo pause resume', changes('changes a rollout', { harmlessWith: dryRun })) }),
		...each('apply create patch scale autoscale set label annotate expose cordon uncordon taint run cp certificate debug', changes('changes the cluster', { harmlessWith: dryRun, options: [[['--prune'], 'destructive', '--prune removes what is not in the file']] })),
		replace: changes('changes the cluster', { harmlessWith: dryRun, options: [[['--force'], 'destructive', '--force deletes and creates anew']] }),
		edit: changes('edits an object', { interactive: 'always' }),
		attach: changes('sits down at the terminal of a container', { interactive: { with: ['-t', '--tty', '-it', '-ti', '-i', '--stdin'] }, endless: 'always' }),
		exec: judged(kubectlExec),
		...each('port-forward proxy', changes('opens a way in', { endless: 'always' })),
		delete: destroys('deletes objects of the cluster', { harmlessWith: dryRun }),
		drain: destroys('takes every pod off a node', { harmlessWith: dryRun }),
	},
	{ valued: ['-n', '--namespace', '--context', '--kubeconfig', '-s', '--server', '--as', '--user', '--cluster', '--token'] },
);

const helm: CommandRule = family(
	{
		...each('list ls status history get show search version env lint template verify', lists),
		...each('install upgrade rollback repo pull push test dependency package plugin registry create', changes('changes a release', { harmlessWith: ['--dry-run'] })),
		...each('uninstall delete', destroys('removes a release', { harmlessWith: ['--dry-run'] })),
	},
	{ valued: ['-n', '--namespace', '--kube-context', '--kubeconfig'] },
);

/** Container engines and clusters. */
export const containerCommandTable: Readonly<Record<string, CommandRule>> = {
	...each('docker podman nerdctl', docker),
	...each('docker-compose podman-compose', compose),
	...each('kubectl oc k', kubectl),
	helm,
	...each('crictl ctr', changes('acts on containers', { certain: false })),
};
