/** The panes that can have the focus, in the order of their number keys. */
export type Pane = 'services' | 'logs' | 'metrics' | 'playbook' | 'health';

/** Panes by number key: 1 services, 2 logs, 3 metrics, 4 playbook, 5 health. */
export const panes: readonly Pane[] = ['services', 'logs', 'metrics', 'playbook', 'health'];
