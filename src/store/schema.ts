import type { DatabaseSync } from 'node:sqlite';
import { HistoryFailure } from '#core/lib/errors';
import * as sql from './statements';

/** The tables of the history file, and the steps that upgrade an older file. Times are REAL, because clocks may return fractions. */
export const schema = {
  /** The version of a file that has only these tables. Versions 1 to 9 belong to development builds before the first release. */
  firstVersion: 10,
  tablesSql: `
    CREATE TABLE deployment (
      key INTEGER PRIMARY KEY AUTOINCREMENT,
      url TEXT NOT NULL UNIQUE,
      label TEXT NOT NULL,
      removed_at REAL,
      is_refusal_claimed INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE kickoff (
      key INTEGER PRIMARY KEY,
      deployment INTEGER NOT NULL REFERENCES deployment (key),
      id TEXT NOT NULL,
      phase TEXT NOT NULL,
      removed_at REAL,
      was_removed_by_age INTEGER NOT NULL DEFAULT 0,
      notified_at REAL,
      state TEXT NOT NULL,
      UNIQUE (deployment, id)
    ) STRICT;
    CREATE TABLE task_output (
      kickoff INTEGER NOT NULL REFERENCES kickoff (key) ON DELETE CASCADE,
      position REAL NOT NULL,
      output TEXT NOT NULL,
      PRIMARY KEY (kickoff, position)
    ) STRICT;
    CREATE TABLE body (
      kickoff INTEGER PRIMARY KEY REFERENCES kickoff (key) ON DELETE CASCADE,
      gzip BLOB NOT NULL
    ) STRICT;
    CREATE TABLE lease (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      holder TEXT,
      epoch REAL NOT NULL,
      beat REAL NOT NULL,
      quiet_ms REAL,
      at REAL NOT NULL
    ) STRICT;
    INSERT INTO lease VALUES (1, NULL, 0, 0, NULL, 0);
    CREATE TABLE health (subject TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- The last change of each run. Run 0 stands for all deleted runs, because a new run may get the key of a deleted one.
    CREATE TABLE changed (revision INTEGER PRIMARY KEY AUTOINCREMENT, kickoff INTEGER NOT NULL UNIQUE) STRICT;
    -- DELETE and INSERT instead of INSERT OR REPLACE: the conflict clause of the outer statement would override it.
    CREATE TRIGGER kickoff_added AFTER INSERT ON kickoff BEGIN
      DELETE FROM changed WHERE kickoff = new.key;
      INSERT INTO changed (kickoff) VALUES (new.key);
    END;
    CREATE TRIGGER kickoff_changed AFTER UPDATE OF removed_at, state ON kickoff BEGIN
      DELETE FROM changed WHERE kickoff = new.key;
      INSERT INTO changed (kickoff) VALUES (new.key);
    END;
    CREATE TRIGGER kickoff_deleted AFTER DELETE ON kickoff BEGIN
      DELETE FROM changed WHERE kickoff IN (0, old.key);
      INSERT INTO changed (kickoff) VALUES (0);
    END;`,
  /** SQL that only adds to the file, so that older versions can read it. Never edit a published step, because no file runs it twice. */
  steps: [
    // The versions of this file and of files whose ID backups it contains. They show whether an ID backup is outdated or from a lost file.
    `CREATE TABLE history (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, is_current INTEGER NOT NULL) STRICT;
    INSERT INTO history VALUES (lower(hex(randomblob(16))), 0, 1);
    ${[
      'INSERT ON kickoff',
      'DELETE ON kickoff',
      'UPDATE OF removed_at ON kickoff WHEN old.removed_at IS NOT new.removed_at',
      'INSERT ON deployment',
      'DELETE ON deployment',
      'UPDATE OF url, removed_at ON deployment',
    ]
      .map(
        (event, index) => `CREATE TRIGGER list_changed_${index} AFTER ${event} BEGIN
        UPDATE history SET revision = revision + 1 WHERE is_current = 1; END;`,
      )
      .join('\n')}`,
    'ALTER TABLE deployment ADD COLUMN page TEXT',
    // The time of the last change of the URL, and whether a token was saved and not deleted since.
    `ALTER TABLE deployment ADD COLUMN url_since REAL;
    ALTER TABLE deployment ADD COLUMN has_token INTEGER NOT NULL DEFAULT 0`,
    // Starts that AMP hasn't confirmed, and the inputs of started runs. Inputs are separate, because loading the runs doesn't need them.
    `CREATE TABLE start (
      request_id TEXT NOT NULL UNIQUE,
      deployment INTEGER NOT NULL REFERENCES deployment (key) ON DELETE CASCADE,
      attempt TEXT NOT NULL
    ) STRICT;
    CREATE TABLE input (
      kickoff INTEGER PRIMARY KEY REFERENCES kickoff (key) ON DELETE CASCADE,
      inputs TEXT NOT NULL
    ) STRICT`,
    // Starts can be removed. A removed deployment's starts get the deployment's removal time.
    `ALTER TABLE start ADD COLUMN removed_at REAL;
    UPDATE start SET removed_at = (SELECT removed_at FROM deployment WHERE key = deployment)`,
    'ALTER TABLE deployment ADD COLUMN input_names TEXT',
  ],
};

export type Schema = typeof schema;

export const schemaVersion = lastVersion(schema);

/** The highest version that a release may ever have. A higher number means damage. */
const maxPossibleVersion = 1_000;

/** Returns a file's schema version, which is 0 for an empty file. Throws if the stored version is impossible. */
export function versionOf(connection: DatabaseSync): number {
  const version = Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
  const isPossible = version === 0 || (version >= schema.firstVersion && version <= maxPossibleVersion);
  if (!isPossible) throw new HistoryFailure('damaged');
  return version;
}

/** Creates the tables in an empty file and calls `fillTables`, or applies the missing steps to an older file. Uses one transaction. */
export function migrate(connection: DatabaseSync, targetSchema: Schema, fillTables: () => void): void {
  connection.exec('BEGIN IMMEDIATE');
  // Reads the version again, because another window may have migrated the file meanwhile.
  const version = versionOf(connection);
  if (version < lastVersion(targetSchema)) {
    if (version === 0) connection.exec(targetSchema.tablesSql);
    for (const step of targetSchema.steps.slice(Math.max(0, version - targetSchema.firstVersion))) connection.exec(step);
    if (version === 0) fillTables();
    connection.exec(`PRAGMA user_version = ${lastVersion(targetSchema)}`);
  }
  connection.exec('COMMIT');
}

function lastVersion({ firstVersion, steps }: Schema): number {
  return firstVersion + steps.length;
}

/** Throws if the schema or the rows of runs and deployments are damaged. Compiling all statements checks the schema. */
export function checkTables(connection: DatabaseSync): void {
  for (const statement of Object.values(sql)) connection.prepare(statement);
  // An index without an entry for a run would hide the run. The check takes about 10 ms for 5,000 runs.
  for (const table of ['deployment', 'kickoff'])
    if (connection.prepare(`PRAGMA integrity_check(${table})`).get()?.['integrity_check'] !== 'ok') throw new HistoryFailure('damaged');
  // The tables with responses and outputs can be large, so the check reads only their first rows.
  for (const statement of [sql.selectAnyBody, sql.selectAnyOutput]) connection.prepare(statement).get();
}
