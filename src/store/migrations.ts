import type { DatabaseSync } from 'node:sqlite';
import { withBackup } from './backup';
import type { SqliteModule } from './opening';
import { versionOf } from './schema';

/**
 * The steps from one version of the schema to the next; never edited once published, and only adding.
 * Times and counts are REAL, because a server may send any number and a strict INTEGER would refuse the row for it.
 */
const steps: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS deployment (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    url TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS kickoff (
    key INTEGER PRIMARY KEY,
    deployment INTEGER NOT NULL REFERENCES deployment (key),
    id TEXT NOT NULL,
    label TEXT,
    phase TEXT NOT NULL,
    state_text TEXT,
    reason TEXT,
    phase_since REAL,
    completed REAL,
    total REAL,
    current TEXT,
    agent TEXT,
    tracked_at REAL,
    checked_at REAL,
    started_at REAL,
    has_run INTEGER,
    finished_at REAL,
    execution_seconds REAL,
    total_tokens REAL,
    output TEXT,
    is_unread INTEGER,
    removed_at REAL,
    trouble TEXT,
    trouble_says TEXT,
    retry_at REAL,
    UNIQUE (deployment, id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS task (
    kickoff INTEGER NOT NULL REFERENCES kickoff (key) ON DELETE CASCADE,
    position REAL NOT NULL,
    name TEXT NOT NULL,
    agent TEXT,
    execution_seconds REAL,
    has_output INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kickoff, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS task_output (
    kickoff INTEGER NOT NULL REFERENCES kickoff (key) ON DELETE CASCADE,
    position REAL NOT NULL,
    output TEXT NOT NULL,
    PRIMARY KEY (kickoff, position)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS body (
    kickoff INTEGER PRIMARY KEY REFERENCES kickoff (key) ON DELETE CASCADE,
    gzip BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS notice (
    kickoff INTEGER PRIMARY KEY REFERENCES kickoff (key) ON DELETE CASCADE,
    claimed_at REAL NOT NULL
  ) STRICT;`,
  `ALTER TABLE deployment ADD COLUMN removed_at REAL;
  ALTER TABLE kickoff ADD COLUMN is_muted INTEGER;
  CREATE TABLE refusal (deployment INTEGER PRIMARY KEY REFERENCES deployment (key) ON DELETE CASCADE) STRICT;`,
  `ALTER TABLE task ADD COLUMN seen_at REAL;`,
  `ALTER TABLE kickoff ADD COLUMN progress_since REAL;
  ALTER TABLE kickoff ADD COLUMN thought TEXT;
  ALTER TABLE kickoff ADD COLUMN tool TEXT;
  ALTER TABLE task ADD COLUMN language TEXT;
  ALTER TABLE task ADD COLUMN output_mark TEXT;
  ALTER TABLE task ADD COLUMN is_passed INTEGER;`,
  `CREATE TABLE lease (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    holder TEXT,
    epoch REAL NOT NULL,
    beat REAL NOT NULL,
    quiet_ms REAL,
    at REAL NOT NULL
  ) STRICT;
  INSERT INTO lease VALUES (1, NULL, 0, 0, NULL, 0);
  CREATE TABLE health (
    subject TEXT PRIMARY KEY,
    failures REAL NOT NULL,
    trouble TEXT NOT NULL,
    trouble_says TEXT,
    retry_at REAL,
    since REAL
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE kickoff ADD COLUMN epoch REAL;
  CREATE TABLE changed (revision INTEGER PRIMARY KEY AUTOINCREMENT, kickoff INTEGER NOT NULL UNIQUE) STRICT;
  CREATE TRIGGER kickoff_added AFTER INSERT ON kickoff BEGIN INSERT OR REPLACE INTO changed (kickoff) VALUES (new.key); END;
  CREATE TRIGGER kickoff_changed AFTER UPDATE ON kickoff BEGIN INSERT OR REPLACE INTO changed (kickoff) VALUES (new.key); END;
  CREATE TRIGGER kickoff_deleted AFTER DELETE ON kickoff BEGIN INSERT OR REPLACE INTO changed (kickoff) VALUES (old.key); END;
  CREATE TABLE removed_by_age (kickoff INTEGER PRIMARY KEY REFERENCES kickoff (key) ON DELETE CASCADE) STRICT;`,
  `ALTER TABLE kickoff ADD COLUMN wait_notified REAL;`,
];

/** Brings the file to our version of the schema, all steps or none; true when it was empty, and is filled from the backup now. */
export function migrated(sqlite: SqliteModule, connection: DatabaseSync, path: string): boolean {
  let before = versionOf(connection);
  withBackup(sqlite, connection, path, (fill) => {
    connection.exec('BEGIN IMMEDIATE');
    before = versionOf(connection);
    for (const step of steps.slice(before)) connection.exec(step);
    if (before === 0) fill();
    connection.exec(`PRAGMA user_version = ${steps.length}; COMMIT`);
  });
  return before === 0;
}
