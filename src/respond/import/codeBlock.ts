import { analyseShell } from '../shell/analyse.ts';
import type { CodeBlock } from './document.ts';

/** What a block of code is: commands, or something that is kept as text. */
export type CodeVerdict =
	| { readonly kind: 'script'; readonly script: string }
	| { readonly kind: 'text'; readonly reason: string };

const shells = new Set(['bash', 'sh', 'shell', 'zsh', 'ksh', 'dash', 'ash', 'shellscript', 'shell-script']);
const sessions = new Set(['console', 'shell-session', 'shellsession', 'sh-session', 'bash-session', 'terminal', 'bash-prompt', 'session']);
const otherShells = new Set(['powershell', 'ps1', 'pwsh', 'cmd', 'bat', 'batch', 'fish', 'csh', 'tcsh', 'nu']);
const programs = new Set(['python', 'py', 'python3', 'javascript', 'js', 'jsx', 'typescript', 'ts', 'tsx', 'go', 'golang', 'ruby', 'rb', 'java', 'kotlin', 'php', 'perl', 'rust', 'rs', 'c', 'cpp', 'c++', 'csharp', 'cs', 'r', 'lua', 'groovy', 'scala', 'awk', 'jq']);
const queries = new Set(['sql', 'psql', 'mysql', 'plsql', 'sqlite', 'promql', 'graphql', 'kql', 'logql']);
const files = new Set(['json', 'jsonc', 'json5', 'yaml', 'yml', 'toml', 'ini', 'conf', 'cfg', 'xml', 'hcl', 'tf', 'terraform', 'dockerfile', 'docker', 'nginx', 'apache', 'properties', 'env', 'dotenv', 'html', 'css', 'makefile', 'make', 'csv', 'systemd', 'crontab', 'cron']);
const texts = new Set(['text', 'txt', 'plain', 'plaintext', 'output', 'out', 'log', 'logs', 'markdown', 'md', 'mermaid', 'diff', 'patch', 'none', 'http']);

/** True where the language of a block is a shell's. */
export const isShellLanguage = (language: string): boolean => shells.has(language) || sessions.has(language);

const prompt = /^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.-]+@[\w.-]+[^\n$#%]{0,80})?[$%❯➜][ \t]+(?=\S)/u;
const rootPrompt = /^[\w.-]+@[\w.-]+[^\n$#%]{0,80}#[ \t]+(?=\S)/;

const isPrompt = (line: string): boolean => prompt.test(line) || rootPrompt.test(line);

/** A session as a script: what stands behind the prompts; what was printed stays as comments. */
const sessionScript = (text: string): string => {
	const lines: string[] = [];
	let goesOn = false;
	for (const line of text.split('\n')) {
		if (goesOn) lines.push(line.replace(/^> ?/, ''));
		else if (isPrompt(line)) lines.push(line.replace(prompt, '').replace(rootPrompt, ''));
		else lines.push(line.trim() === '' || line.trimStart().startsWith('#') ? line : `# Prints: ${line}`);
		goesOn = (goesOn || isPrompt(line)) && /(?<!\\)\\$/.test(line);
	}
	return lines.join('\n');
};

/** A block without a language, which may be commands: at least half of its programs have to be known, and none may be odd. */
const readsAsCommands = (text: string): boolean => {
	if (text.length > 20_000) return false;
	const { readable, commands, findings } = analyseShell(text);
	const own = commands.filter(({ within }) => within.length === 0);
	if (!readable || own.length === 0 || findings.some(({ kind }) => kind === 'heredoc')) return false;
	return own.every(({ name }) => /^[a-z][\w.-]*$|^\[$|^>$/.test(name)) && own.filter(({ certain }) => certain).length * 2 >= own.length;
};

const reasonFor = (language: string): string => {
	if (files.has(language)) return `${language}: the contents of a file, not commands`;
	if (queries.has(language)) return `${language}: statements for a database, not commands; see steps of kind database`;
	if (programs.has(language)) return `${language}: a program for another interpreter`;
	if (otherShells.has(language)) return `${language}: commands of a shell that sitrep does not run`;
	if (texts.has(language)) return `${language}: text or output, not commands`;
	return language === '' ? 'no language is named, and it does not read as commands' : `${language}: not a language of a shell`;
};

/** Whether a block holds commands. */
export const judgeCode = (block: CodeBlock): CodeVerdict => {
	const { language, text } = block;
	const first = text.split('\n').find((line) => line.trim() !== '' && !line.trimStart().startsWith('#')) ?? '';
	const known = isShellLanguage(language);
	if (!known && language !== '') return { kind: 'text', reason: reasonFor(language) };
	if (isPrompt(first)) return { kind: 'script', script: sessionScript(text) };
	if (known || readsAsCommands(text)) return { kind: 'script', script: text };
	return { kind: 'text', reason: reasonFor('') };
};
