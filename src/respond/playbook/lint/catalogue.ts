/** What a lint rule says, for the reference and for lists. */
export interface LintEntry {
	readonly id: string;
	readonly level: 'error' | 'warning';
	readonly about: string;
}

/** Every rule that a problem can name. */
export const lintCatalogue: readonly LintEntry[] = [
	{ id: 'yaml', level: 'error', about: 'The file is no YAML.' },
	{ id: 'schema', level: 'error', about: 'The format is not met: a key that is not known, a value that was not expected, things that do not stand together.' },
	{ id: 'file', level: 'error', about: 'A file or folder cannot be read.' },
	{ id: 'duplicate-id', level: 'error', about: 'Two steps, or two playbooks of one folder, have the same id; a name is registered that means something else. A name that is registered twice is a warning.' },
	{ id: 'unknown-step', level: 'error', about: '`nextStep`, `onFailure: step:ID` or a choice leads to no step.' },
	{ id: 'unknown-playbook', level: 'error', about: '`playbook` or `onFailure: playbook:ID` names none, or its parameters are not the ones it asks for.' },
	{ id: 'unreachable-step', level: 'warning', about: 'No way leads to the step.' },
	{ id: 'loop-without-exit', level: 'error', about: 'Steps go round, and nothing leads out: no end, no branch, no `onFailure`.' },
	{ id: 'expression', level: 'error', about: 'A condition or a `${{ }}` with an error in syntax or type, or with a name that is not known.' },
	{ id: 'template-in-script', level: 'error', about: '`${{ }}` in `sh`, where the shell would read the value.' },
	{ id: 'unknown-param', level: 'error', about: 'A script names `$P_name`, and there is no such parameter.' },
	{ id: 'unset-variable', level: 'warning', about: 'A script reads a variable that it does not set.' },
	{ id: 'script-syntax', level: 'error', about: 'A script that the shell cannot read, or a here-document without its end.' },
	{ id: 'placeholder', level: 'error', about: 'Something is left to be filled in, such as `<container>`.' },
	{ id: 'understated-risk', level: 'error', about: 'A step does more than its `risk` says, such as `docker rm` declared `read`; or a `waitFor`, a `watch` or a query changes something.' },
	{ id: 'unproven-risk', level: 'warning', about: 'A step is declared `read`, and its program is not known to only read.' },
	{ id: 'no-target', level: 'error', about: 'A destructive command without a `target`: its name is to be typed.' },
	{ id: 'no-loss', level: 'warning', about: 'A destructive step without `loses`.' },
	{ id: 'secret-in-argv', level: 'error', about: 'A secret among the arguments of a program, which every user of the machine can read.' },
	{ id: 'secret-in-address', level: 'error', about: 'A secret in an address, which logs on the way keep.' },
	{ id: 'interactive', level: 'error', about: 'A command that waits for a person: `vi`, `crontab -e`, `docker exec -it`, `psql` without `-c`.' },
	{ id: 'endless', level: 'error', about: 'A command that does not end by itself: `docker logs -f`, `tail -f`, `watch`, a loop without a bound.' },
	{ id: 'may-ask', level: 'warning', about: 'A command that may ask for a password or a yes: `sudo` without `-n`, `apt install` without `-y`.' },
	{ id: 'masked-failure', level: 'warning', about: '`|| true`, a pipeline, a `$( )` among arguments or a `&` by which a failure goes by unseen.' },
	{ id: 'curl-no-fail', level: 'warning', about: '`curl` without `-f` in a step without `expect`: an answer of 500 passes for a success.' },
	{ id: 'no-timeout', level: 'warning', about: 'A command, a request or a `waitFor` without `timeoutSeconds`.' },
	{ id: 'no-undo', level: 'warning', about: 'A change without `undo` in a rollback, or in a playbook with `onFailure: rollback`.' },
];
