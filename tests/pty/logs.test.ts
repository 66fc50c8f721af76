import { afterAll, describe, expect, it } from 'vitest';
import { Containers, testEngineAddress } from '../support/engine.ts';
import { healthCheckTimeoutNs } from '../support/patience.ts';
import { expectSeen, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const own = `l${process.pid}`;

afterAll(async () => {
	await containers.removeAll();
});

/** Highest number of a `tick N` line in view, -1 where there is none. */
const lastTick = (text: string): number => Math.max(-1, ...[...text.matchAll(/tick (\d+)/g)].map((match) => Number(match[1])));

describe('logs', () => {
	it('appear live', async () => {
		const name = `${own}-live`;
		await containers.run('i=0; while :; do i=$((i+1)); echo "tick $i"; sleep 0.1; done', { name });
		await using terminal = await openOn(address, name);
		await terminal.waitFor(/tick \d+/);
		const first = lastTick(terminal.text());
		await expectSeen(terminal, () => lastTick(terminal.text()) > first + 5, { what: 'later ticks' });
	});

	it('pause and follow on', async () => {
		const name = `${own}-pause`;
		await containers.run('i=0; while :; do i=$((i+1)); echo "tick $i"; sleep 0.05; done', { name });
		await using terminal = await openOn(address, name);
		await terminal.waitFor(() => lastTick(terminal.text()) > 10);
		terminal.type('2F');
		await terminal.waitFor(/PAUSED|paused/);
		const held = lastTick(terminal.text());
		// The header's count of what came since moves on while the lines stand still.
		await terminal.waitFor(() => /\b[1-9]\d+ (new|behind|more|below)/.test(terminal.text()), { what: 'the number of lines that came since' });
		expect(lastTick(terminal.text())).toBe(held);
		terminal.type('F');
		await terminal.waitFor(() => lastTick(terminal.text()) > held);
	});

	it('are searched', async () => {
		const name = `${own}-search`;
		await containers.run('for i in 1 2 3 4 5; do echo "plain $i"; done; echo "needle in it"; echo last; sleep 3600', { name });
		await using terminal = await openOn(address, name);
		await terminal.waitFor('last');
		terminal.type('2/needle\r');
		await terminal.waitFor(/needle \d\/1/);
		terminal.type('n');
		await terminal.waitFor('needle 1/1');
		terminal.type('&');
		await expectSeen(terminal, (seen) => seen.text().includes('needle in it') && !seen.text().includes('plain 3'));
	});

	it('cannot reach the terminal with control sequences', async () => {
		const name = `${own}-hostile`;
		const hostile = [
			String.raw`\033]0;OWNED\007`,
			String.raw`\033]2;OWNED\033\\`,
			String.raw`\033]52;c;T1dORUQ=\007`,
			String.raw`\033[2J\033[H`,
			String.raw`\033[?1049l`,
			String.raw`\033[?25h`,
			String.raw`\033c`,
			String.raw`\033P\033\\`,
			String.raw`\302\2332J`,
			String.raw`\007\007\007`,
			String.raw`back\b\b\b\bspace\rreturn`,
		];
		const lines = hostile.map((line, index) => `printf 'before-${index} ${line} after-${index}\\n'`).join('; ');
		await containers.run(`${lines}; echo the-end; sleep 3600`, { name });
		await using terminal = await openOn(address, name, { columns: 120, rows: 50 });
		await terminal.waitFor('the-end');
		expect(terminal.title).not.toContain('OWNED');
		expect(terminal.clipboard).toEqual([]);
		expect(terminal.bells).toBe(0);
		expect(terminal.alternateScreen).toBe(true);
		expect(terminal.cursorShown).toBe(false);
		// Nothing was overwritten: the header and every line stand where they belong.
		expect(terminal.screen()[0]).toMatch(/^ sitrep .* live /);
		for (const index of hostile.keys()) {
			expect(terminal.text()).toMatch(new RegExp(`before-${index} .*after-${index}`));
		}
		const raw = terminal.raw();
		for (const sequence of ['\u001b]0;OWNED', '\u001b]2;OWNED', '\u001b]52;c;T1dORUQ=', '\u001bc', '\u001bP', '\u009b2J', '\u0007']) {
			expect(raw).not.toContain(sequence);
		}
	});

	it('with a hostile health check output do no harm either', async () => {
		const name = `${own}-check`;
		await containers.run('sleep 3600', {
			name,
			create: { Healthcheck: { Test: ['CMD-SHELL', String.raw`printf 'sick\033]0;OWNED\007\033[2Jly'; exit 1`], Interval: 500_000_000, Timeout: healthCheckTimeoutNs, Retries: 1 } },
		});
		await using terminal = await openOn(address, name);
		await terminal.waitFor(/sick.*ly/);
		expect(terminal.title).not.toContain('OWNED');
		expect(terminal.screen()[0]).toMatch(/^ sitrep .* live /);
	});
});
