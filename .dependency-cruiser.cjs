// Imports point one way: domain <- engines, observe, judge, respond, record, config <- console, cli, drill <- screens, main.
const stage = (name, from, allowed) => ({
	name,
	severity: 'error',
	comment: `${from} may import only: ${allowed.join(', ')}`,
	from: { path: `^${from}/` },
	to: { path: '^(src|screens)/', pathNot: allowed.map((folder) => `^${folder}/`) },
});

module.exports = {
	forbidden: [
		{ name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
		stage('domain-is-the-core', 'src/domain', ['src/domain']),
		stage('engines-one-way', 'src/engines', ['src/engines', 'src/domain']),
		stage('judge-one-way', 'src/judge', ['src/judge', 'src/domain']),
		stage('config-one-way', 'src/config', ['src/config', 'src/judge', 'src/domain']),
		stage('observe-one-way', 'src/observe', ['src/observe', 'src/config', 'src/domain']),
		stage('respond-one-way', 'src/respond', ['src/respond', 'src/config', 'src/domain']),
		stage('record-one-way', 'src/record', ['src/record', 'src/domain']),
		stage('console-one-way', 'src/console', ['src/console', 'src/observe', 'src/judge', 'src/respond', 'src/record', 'src/config', 'src/domain']),
		stage('cli-one-way', 'src/cli', ['src/cli', 'src/console', 'src/observe', 'src/judge', 'src/respond', 'src/record', 'src/config', 'src/domain']),
		stage('drill-one-way', 'src/drill', ['src/drill', 'src/engines', 'src/domain']),
		stage('screens-one-way', 'screens', ['screens', 'src/console', 'src/domain']),
		{
			name: 'main-is-the-root',
			severity: 'error',
			comment: 'nobody imports the composition root',
			from: { path: '^(src|screens)/', pathNot: '^src/main' },
			to: { path: '^src/main' },
		},
		{
			name: 'screens-do-no-io',
			severity: 'error',
			from: { path: '^screens/' },
			to: { path: '^(node:)?(fs|child_process|net|http|https|dgram|worker_threads)$|node_modules/(dockerode|execa|better-sqlite3)/' },
		},
		{
			name: 'docker-stays-in-its-adapter',
			severity: 'error',
			from: { path: '^(src|screens)/', pathNot: '^src/(engines/docker|drill)/' },
			to: { path: 'node_modules/(dockerode|docker-modem)/' },
		},
	],
	options: {
		parser: 'swc',
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
		enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.mjs'] },
	},
};
