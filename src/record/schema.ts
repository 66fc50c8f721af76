/** Version of the tables below. A file of a later one is refused. */
export const schemaVersion = 1;

/** `sitr` in ASCII, in the file's header: tells a journal from any other SQLite file. */
export const applicationId = 0x73697472;

/** Bytes a probe writes: more than most appends, so that its success says something about the next one. */
export const probeBytes = 32 * 1024;

/**
 * `events` is the record. `runs` is made from it in the same transaction and can be made again at any time; `head` repeats
 * the newest event, so that a cut tail shows. `leases` is the only state that no event holds: who is alive now.
 *
 * `INSERT OR REPLACE` fires no DELETE trigger, therefore the order of seq has a trigger of its own.
 */
export const schemaSql = `
CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;
INSERT INTO schema_version VALUES (${schemaVersion});

CREATE TABLE events (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	run_id TEXT,
	incident_id TEXT,
	actor TEXT NOT NULL,
	kind TEXT NOT NULL,
	data TEXT NOT NULL,
	hash TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_run ON events (run_id, seq) WHERE run_id IS NOT NULL;
CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the journal is append-only: no event is ever changed'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the journal is append-only: no event is ever removed'); END;
CREATE TRIGGER events_in_order BEFORE INSERT ON events WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only: events are added at its end'); END;

CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO head VALUES (1, 0, '${'0'.repeat(64)}');

CREATE TABLE runs (
	run_id TEXT PRIMARY KEY,
	playbook_id TEXT NOT NULL,
	title TEXT NOT NULL,
	service TEXT,
	engine TEXT NOT NULL,
	started_at INTEGER NOT NULL,
	ended_at INTEGER,
	outcome TEXT,
	started_by TEXT NOT NULL,
	parent_run_id TEXT,
	dry_run INTEGER NOT NULL,
	first_seq INTEGER NOT NULL,
	last_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_newest ON runs (first_seq);
CREATE INDEX runs_unfinished ON runs (first_seq) WHERE ended_at IS NULL;

CREATE TABLE leases (
	service TEXT PRIMARY KEY,
	run_id TEXT NOT NULL,
	holder TEXT NOT NULL,
	session TEXT NOT NULL,
	heartbeat_at INTEGER NOT NULL
) STRICT;

CREATE TABLE room (one INTEGER PRIMARY KEY CHECK (one = 1), bytes BLOB NOT NULL) STRICT;
INSERT INTO room VALUES (1, zeroblob(0));
`;
