import { hasOption, plainWords } from '../options.ts';
import type { CommandRule } from '../rule.ts';
import { changes, destroys, each, family, judged, reads } from '../rule.ts';
import type { ShellWord } from '../types.ts';
import type { Context, Verdict } from '../verdict.ts';
import { read, unknown } from '../verdict.ts';

const branchLike = (what: string): CommandRule =>
	changes(`changes ${what}`, {
		bare: reads('only lists'),
		harmlessWith: ['-l', '--list', '-a', '--all', '-r', '--remotes', '-v', '-vv', '--show-current', '--contains', '--merged'],
		options: [
			[['-d', '--delete'], 'change', `-d removes ${what}`],
			[['-D'], 'destructive', `-D removes ${what}, merged or not`],
		],
	});

const gitCommands: Readonly<Record<string, CommandRule>> = {
	...each('status log diff show blame describe rev-parse ls-files ls-remote ls-tree shortlog grep reflog cat-file rev-list name-rev whatchanged count-objects fsck var help version merge-base for-each-ref', reads('only shows')),
	...each('fetch pull merge add init clone mv apply am cherry-pick revert switch submodule worktree bisect gc notes', changes('changes the working copy')),
	commit: changes('writes a commit', { interactive: { without: ['-m', '--message', '-F', '--file', '--no-edit', '-C'] } }),
	checkout: changes('changes the working copy', { options: [[['-f', '--force'], 'destructive', '-f throws changes away']] }),
	restore: destroys('throws changes away'),
	reset: changes('moves the branch', { options: [[['--hard', '--merge'], 'destructive', '--hard throws changes away']] }),
	clean: destroys('removes files', { harmlessWith: ['-n', '--dry-run'] }),
	rm: destroys('removes files', { harmlessWith: ['--dry-run', '-n'] }),
	rebase: changes('rewrites commits', { interactive: { with: ['-i', '--interactive'] } }),
	push: changes('publishes commits', {
		options: [[['-f', '--force', '--force-with-lease', '--delete', '-d', '--mirror', '--prune'], 'destructive', '--force overwrites what others have published']],
		harmlessWith: ['--dry-run', '-n'],
	}),
	branch: branchLike('branches'),
	tag: branchLike('tags'),
	remote: family({ ...each('show get-url', reads('only shows')), ...each('add set-url rename update prune', changes('changes remotes')), remove: changes('removes a remote'), rm: changes('removes a remote') }, { bare: reads('only lists') }),
	stash: family({ ...each('list show', reads('only shows')), ...each('push save pop apply branch', changes('changes the working copy')), ...each('drop clear', destroys('throws changes away')) }, { bare: changes('puts changes aside') }),
	config: changes('changes settings', { harmlessWith: ['-l', '--list', '--get', '--get-all'] }),
	'filter-branch': destroys('rewrites history'),
};

/** `python -m json.tool` without a second file only shows. */
const isFormatter = (words: readonly ShellWord[]): boolean => words[0]?.value === '-m' && words[1]?.value === 'json.tool' && plainWords(words.slice(2), { valued: ['--indent'] }).length < 2;

const script = (words: readonly ShellWord[], context: Context, name: string): Verdict => {
	const bare = words.length === 0 && context.input.kind === 'none';
	const verdict = unknown(`what the program does that ${name} runs is not known`);
	return bare || hasOption(words, ['-i']) ? { ...verdict, interactive: `${name} without a program waits for a person` } : verdict;
};

const interpreter = (name: string): CommandRule => judged((words, context) => (isFormatter(words) || (words.length === 1 && /^(?:-V|-v|--version|-h|--help)$/.test(words[0]?.value ?? '')) ? read(`${name} only shows`) : script(words, context, name)));

const installer = (what: string): CommandRule => changes(`installs ${what}`);

/** Sources, builds and packages. */
export const sourceCommands: Readonly<Record<string, CommandRule>> = {
	git: family(gitCommands, { valued: ['-C', '-c', '--git-dir', '--work-tree'] }),
	gh: changes('acts on GitHub', { certain: false }),
	...each('make just task rake gradle mvn ant cmake ninja bazel', changes('runs what its file says', { certain: false, harmlessWith: ['--dry-run', '--just-print', '--list'] })),
	...Object.fromEntries(['python', 'python2', 'python3', 'node', 'deno', 'bun', 'ruby', 'perl', 'php', 'lua', 'irb', 'java', 'Rscript', 'julia'].map((name) => [name, interpreter(name)])),
	...each('npm pnpm yarn', family({
		...each('ls list view info show outdated why audit ping whoami root prefix bin search explain doctor help', reads('only shows', { options: [[['--fix'], 'change', '--fix installs packages']] })),
		...each('ci install i add update up upgrade rebuild link dedupe prune exec dlx create run run-script test t build lint version pack set config cache', installer('or runs packages')),
		...each('start dev serve', changes('starts a server', { endless: 'always' })),
		init: changes('writes package.json', { asksWithout: ['-y', '--yes'] }),
		login: changes('signs in', { interactive: 'always' }),
		publish: changes('publishes a package'),
		unpublish: destroys('removes a published package'),
		...each('uninstall remove rm un', changes('removes packages')),
	}, { bare: installer('packages'), valued: ['--prefix', '-w', '--workspace', '--dir', '-C'] })),
	npx: changes('runs a package', { certain: false, asksWithout: ['-y', '--yes'] }),
	...each('pip pip3 pipx uv poetry', family({
		...each('list show freeze check search index help debug inspect env', reads('only shows')),
		...each('install download wheel sync add lock update upgrade run cache config build export', installer('packages')),
		uninstall: changes('removes packages', { asksWithout: ['-y', '--yes'] }),
		remove: changes('removes packages'),
		publish: changes('publishes a package'),
	})),
	...each('apt apt-get aptitude', family({
		...each('list show search policy changelog depends rdepends', reads('only shows')),
		...each('update download source check clean autoclean', changes('updates package lists')),
		...each('install upgrade dist-upgrade full-upgrade reinstall build-dep', changes('installs packages', { asksWithout: ['-y', '--yes', '--assume-yes'], harmlessWith: ['-s', '--simulate', '--dry-run'] })),
		...each('remove purge autoremove', destroys('removes packages', { asksWithout: ['-y', '--yes', '--assume-yes'], harmlessWith: ['-s', '--simulate', '--dry-run'] })),
	}, { valued: ['-o', '-t', '-c'] })),
	'apt-cache': reads('only shows'),
	dpkg: changes('installs or removes packages', { harmlessWith: ['-l', '-L', '-s', '-S', '--list', '--status', '--listfiles', '--search', '--print-architecture'] }),
	'dpkg-reconfigure': changes('sets a package up', { interactive: 'always' }),
	...each('yum dnf zypper', family({
		...each('list info search repolist check-update provides history', reads('only shows')),
		...each('install update upgrade downgrade reinstall makecache clean', changes('installs packages', { asksWithout: ['-y', '--assumeyes'] })),
		...each('remove erase autoremove', destroys('removes packages', { asksWithout: ['-y', '--assumeyes'] })),
	})),
	apk: family({ ...each('info list search policy stats version', reads('only shows')), ...each('add update upgrade fix cache', installer('packages')), del: destroys('removes packages') }),
	brew: family({ ...each('list info search outdated deps doctor config', reads('only shows')), ...each('install upgrade update reinstall link services tap', installer('packages')), ...each('uninstall remove cleanup', destroys('removes packages')) }),
	go: family({ ...each('version env list vet doc', reads('only shows')), ...each('build run test get install mod generate fmt clean tool', changes('builds or runs a program', { certain: false })) }),
	cargo: family({ ...each('version tree metadata search', reads('only shows')), ...each('build run test check install update add remove clean publish fmt clippy', changes('builds or runs a program', { certain: false })) }),
	...each('pytest jest vitest tox nox phpunit rspec', changes('runs tests', { certain: false })),
	...each('alembic flyway liquibase', family({ ...each('current history heads show branches info validate status', reads('only shows')), ...each('upgrade revision stamp merge migrate update baseline repair', changes('changes the database')), ...each('downgrade undo rollback', destroys('takes the database back')), clean: destroys('empties the database') }, { valued: ['-c', '-x'] })),
	...each('uvicorn gunicorn hypercorn flask celery', changes('starts a server', { endless: 'always' })),
	...each('ansible ansible-playbook', changes('changes other machines', { harmlessWith: ['--check', '--list-tasks', '--list-hosts', '--syntax-check'] })),
	...each('terraform tofu', family({
		...each('plan show output validate version providers graph fmt state', reads('only shows')),
		...each('init get workspace import refresh taint untaint', changes('changes its state')),
		apply: changes('changes the infrastructure', { asksWithout: ['-auto-approve', '--auto-approve'], options: [[['-destroy', '--destroy'], 'destructive', '-destroy takes the infrastructure down']] }),
		destroy: destroys('takes the infrastructure down', { asksWithout: ['-auto-approve', '--auto-approve'] }),
	}, { valued: ['-chdir'] })),
	...each('gcloud az', changes('acts on a cloud', { certain: false })),
	aws: changes('acts on a cloud', { certain: false, options: [[['--delete', '--force'], 'destructive', '--delete removes things']] }),
	vault: family({ ...each('status read list version print', reads('only shows')), ...each('write kv login token lease auth secrets', changes('acts on secrets')), delete: destroys('removes secrets') }),
	consul: changes('acts on a cluster', { certain: false }),
};
