import { spawnSync } from 'node:child_process';
import { copySequence } from '../console/terminal/clipboard.ts';

/** tmux answers in some milliseconds, ms. */
const tmuxMs = 500;

/**
 * Puts text into the clipboard of the terminal in front of the person. Within tmux, tmux is asked for it: what an application itself
 * writes for the clipboard it drops with its own defaults (set-clipboard external, allow-passthrough off).
 * @param write to the terminal
 * @returns what came of it, in words
 */
export const copyOut = (text: string, env: Readonly<Record<string, string | undefined>>, write: (sequence: string) => void): string => {
	const copied = `copied ${text.length} ${text.length === 1 ? 'character' : 'characters'}`;
	if (env['TMUX'] !== undefined) {
		const { status } = spawnSync('tmux', ['load-buffer', '-w', '-'], { input: text, env: { ...env }, stdio: ['pipe', 'ignore', 'ignore'], timeout: tmuxMs });
		if (status === 0) return `${copied}, into tmux's buffer too`;
	}
	const sequence = copySequence(text, env);
	if (sequence === undefined) return `not copied: ${text.length} characters are more than a terminal takes; ^s saves to a file`;
	write(sequence);
	return copied;
};
