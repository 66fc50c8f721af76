/** Names of arguments that completion fills in: a playbook's id or file, and a run that is not over. */
export const playbookArgumentName = 'playbook';
export const runArgumentName = 'run';
