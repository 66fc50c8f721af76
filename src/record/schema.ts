/** Version of the tables below. A file of a later one is refused; one of an earlier one is brought up by the first that opens it to write. */
export const schemaVersion = 3;

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
const firstSql = `
CREATE TABLE schema_version (version INTEGER NOT NULL) STRICT;

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

/**
 * Since version 2: what is known of versions of services, and moves between them, made from the events as `runs` is. A plan and
 * an act stay where they are, in their events: `begun_seq` and `act_seq` say which.
 */
const secondSql = `
CREATE TABLE versions (
	service TEXT NOT NULL,
	engine TEXT NOT NULL,
	image_id TEXT NOT NULL,
	image TEXT NOT NULL,
	first_seen_at INTEGER NOT NULL,
	last_seen_at INTEGER NOT NULL,
	since INTEGER NOT NULL,
	healthy_ms INTEGER NOT NULL,
	proved_at INTEGER,
	figures TEXT,
	words TEXT NOT NULL,
	has_left INTEGER NOT NULL,
	last_seq INTEGER NOT NULL,
	PRIMARY KEY (service, engine, image_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollouts (
	plan_id TEXT PRIMARY KEY,
	service TEXT NOT NULL,
	run_id TEXT NOT NULL,
	begun_at INTEGER NOT NULL,
	begun_seq INTEGER NOT NULL,
	act_seq INTEGER,
	fresh_id TEXT,
	undoing INTEGER NOT NULL,
	ended TEXT,
	words TEXT,
	retired INTEGER NOT NULL,
	last_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX rollouts_newest ON rollouts (begun_seq);
CREATE INDEX rollouts_unended ON rollouts (begun_seq) WHERE ended IS NULL;
`;

/** Since version 3 `runs` says of a run within a run that was taken back that it was: other rows, the same tables. */
const thirdSql = '';

/** What each version adds to the one before it, from version 1 on. */
export const schemaSteps: readonly string[] = [firstSql, secondSql, thirdSql];

/** Makes the tables of a new journal. @param version to make it of an earlier one */
export const schemaSql = (version = schemaVersion): string => `${schemaSteps.slice(0, version).join('')}\nINSERT INTO schema_version VALUES (${version});\n`;
