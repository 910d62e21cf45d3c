import type { DatabaseSync } from 'node:sqlite';
import { HistoryFailure } from '../core/errors';
import * as sql from './statements';

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
];

/** Walks the other small tables once: a page that cannot be read shows while there is still a way to set the file aside. */
const probe = `SELECT (SELECT count(has_output) FROM task), (SELECT count(claimed_at) FROM notice),
  (SELECT count(output) FROM (SELECT output FROM task_output LIMIT 1)), (SELECT count(gzip) FROM (SELECT gzip FROM body LIMIT 1))`;

/** A run that its index does not find would never be heard again, nor be missed; 8 ms for 5,000 runs. */
const found = ['deployment', 'kickoff'];

/** Compiled, these name all that is read and written: a schema that was damaged in its words shows too. */
const compiled = [
  ...[sql.deployments, sql.liveKickoffs, sql.everyTask, sql.addDeployment, sql.addKickoff, sql.updateKickoff],
  ...[sql.keepTask, sql.keepOutput, sql.nextBody, sql.claimNotice, sql.claimRefusal],
];

/** No version to come has a higher number. */
const mostVersions = 1_000;

/** The schema is of a version that is newer than ours. */
export function isNewer(connection: DatabaseSync): boolean {
  return readVersion(connection) > steps.length;
}

/** Brings the file to our version of the schema, all steps or none; true when it was empty, and is filled from the backup now. */
export function migrate(connection: DatabaseSync, withBackup: (begin: (fill: () => void) => void) => void): boolean {
  let before = readVersion(connection);
  if (before < steps.length)
    withBackup((fill) => {
      connection.exec('BEGIN IMMEDIATE');
      before = readVersion(connection);
      const remaining = steps.slice(before);
      for (const step of remaining) connection.exec(step);
      if (before === 0) fill();
      connection.exec(`PRAGMA user_version = ${steps.length}; COMMIT`);
    });
  check(connection);
  return before === 0;
}

function check(connection: DatabaseSync): void {
  connection.prepare(probe).get();
  for (const statement of compiled) connection.prepare(statement);
  for (const table of found)
    if (connection.prepare(`PRAGMA integrity_check(${table})`).get()?.['integrity_check'] !== 'ok') throw new HistoryFailure('damaged');
}

function readVersion(connection: DatabaseSync): number {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version < 0 || version > mostVersions) throw new HistoryFailure('damaged');
  return version;
}
