/**
 * Logins under way at a time. OpenSSH's server turns connections away at random once ten of them, everybody's
 * together, have not logged in yet (sshd_config, MaxStartups 10:30:100).
 */
const maxLogins = 4;
/** A connection that has said nothing for so long, ms, counts as logged in: it may carry a call that is answered late. */
const quietMs = 10_000;

/** What is looked at of an ssh that was started. */
interface RunningSsh {
	readonly stdout: { once(event: 'data', heard: () => void): unknown };
	once(event: 'close' | 'error', over: () => void): unknown;
}

/** Lets few of many connections log in at a time; the others wait their turn. */
export class SshLogins {
	readonly #waiting: (() => void)[] = [];
	#underWay = 0;
	#closed = false;

	/** @param begin starts ssh, in its turn; not called any more once closed */
	enter(begin: () => RunningSsh): void {
		if (this.#closed) return;
		this.#waiting.push(() => this.#begin(begin));
		this.#pump();
	}

	/** Drops what waits. */
	close(): void {
		this.#closed = true;
		this.#waiting.length = 0;
	}

	#pump(): void {
		while (this.#underWay < maxLogins) {
			const next = this.#waiting.shift();
			if (next === undefined) return;
			this.#underWay++;
			next();
		}
	}

	#begin(begin: () => RunningSsh): void {
		let over = false;
		const done = (): void => {
			if (over) return;
			over = true;
			clearTimeout(quiet);
			this.#underWay--;
			this.#pump();
		};
		const quiet = setTimeout(done, quietMs).unref();
		const child = begin();
		child.stdout.once('data', done);
		child.once('close', done);
		child.once('error', done);
	}
}
