import { deploymentPlaces, kickoffPlaces, taskPlaces } from './columns';

export const isRef = 'deployment = :deployment AND id = :id';
const key = `(SELECT key FROM kickoff WHERE ${isRef})`;

const columns = Object.keys(kickoffPlaces).filter((name) => name !== 'key');
const changing = columns.filter((name) => name !== 'deployment' && name !== 'id');

const deploymentList = Object.keys(deploymentPlaces).join(', ');
export const deployments = `SELECT ${deploymentList} FROM deployment WHERE removed_at IS NULL ORDER BY key`;
export const deployment = `SELECT ${deploymentList} FROM deployment WHERE url = :url`;
export const addDeployment = `INSERT INTO deployment (url, label) VALUES (:url, :label)
  ON CONFLICT (url) DO UPDATE SET label = excluded.label, removed_at = NULL WHERE removed_at IS NOT NULL`;
export const restoreDeployment = 'INSERT INTO deployment (key, url, label) VALUES (:key, :url, :label) ON CONFLICT DO NOTHING';
export const knownIds = `SELECT url, deployment.label, id, coalesce(kickoff.removed_at, deployment.removed_at)
  FROM deployment LEFT JOIN kickoff ON deployment = deployment.key ORDER BY deployment.key, kickoff.key`;
export const changeDeployment = `UPDATE deployment SET url = coalesce(:url, url), label = coalesce(:label, label)
  WHERE key = :key RETURNING ${deploymentList}`;
export const isOthersUrl = 'SELECT 1 FROM deployment WHERE url = :url AND key <> :key';

export const removeKickoff = `UPDATE kickoff SET removed_at = :now WHERE ${isRef} AND removed_at IS NULL`;
export const removeOldKickoff = `${removeKickoff} AND key NOT IN (SELECT kickoff FROM removed_by_age)`;

/** A few at a time: their bodies may be large. */
export const purgeKickoffs = 'DELETE FROM kickoff WHERE key IN (SELECT key FROM kickoff WHERE removed_at < :before LIMIT 20)';
export const purgeDeployments = `DELETE FROM deployment WHERE removed_at < :before AND NOT EXISTS
  (SELECT 1 FROM kickoff WHERE deployment = deployment.key) RETURNING url`;

const kickoffList = Object.keys(kickoffPlaces).join(', ');
export const liveKickoffs = `SELECT ${kickoffList} FROM kickoff WHERE removed_at IS NULL ORDER BY key`;
const kickoffListOf = Object.keys(kickoffPlaces)
  .map((name) => `kickoff.${name}`)
  .join(', ');
export const changedSince = `SELECT ${kickoffListOf} FROM changed JOIN kickoff ON kickoff.key = changed.kickoff WHERE revision > :revision ORDER BY kickoff.key`;
export const deletedSince = `SELECT 1 FROM changed LEFT JOIN kickoff ON kickoff.key = changed.kickoff
  WHERE revision > :revision AND kickoff.key IS NULL LIMIT 1`;
/** Said of no run, since the keys of those that went are used again: whoever looks reads all. */
export const tellOfDeleted = 'INSERT OR REPLACE INTO changed (kickoff) VALUES (0)';
export const lastRevision = 'SELECT max(revision) FROM changed';
export const kickoff = `SELECT ${kickoffList} FROM kickoff WHERE ${isRef}`;
export const addKickoff = `INSERT INTO kickoff (${columns.join(', ')}) VALUES (${columns.map((name) => `:${name}`).join(', ')})
  ON CONFLICT (deployment, id) DO NOTHING`;
export const updateKickoff = `UPDATE kickoff SET ${changing.map((name) => `${name} = :${name}`).join(', ')} WHERE ${isRef}`;
export const bringBack = `UPDATE kickoff SET removed_at = NULL WHERE ${isRef} AND removed_at IS NOT NULL`;

/** Whoever tracks a run wants to see it, also where another window has removed its deployment meanwhile. */
export const bringBackDeployment = 'UPDATE deployment SET removed_at = NULL WHERE key = :deployment AND removed_at IS NOT NULL';

const taskList = Object.keys(taskPlaces).join(', ');
export const everyTask = `SELECT ${taskList} FROM task ORDER BY kickoff, position`;
export const tasks = `SELECT ${taskList} FROM task WHERE kickoff = ${key} ORDER BY position`;
const ofTask = Object.keys(taskPlaces).filter((name) => name !== 'kickoff' && name !== 'position' && name !== 'has_output');
export const keepTask = `INSERT INTO task (kickoff, position, ${ofTask.join(', ')})
  VALUES (${key}, :position, ${ofTask.map((name) => `:${name}`).join(', ')})
  ON CONFLICT DO UPDATE SET ${ofTask.map((name) => `${name} = excluded.${name}`).join(', ')}`;
export const tasksOf = `SELECT ${taskList} FROM task WHERE kickoff = :key ORDER BY position`;

export const outputs = `SELECT position, output FROM task_output WHERE kickoff = ${key} ORDER BY position`;
export const keepOutput = `INSERT INTO task_output (kickoff, position, output) VALUES (${key}, :position, :output)
  ON CONFLICT DO UPDATE SET output = excluded.output WHERE output IS NOT excluded.output`;
export const markOutput = `UPDATE task SET has_output = 1 WHERE kickoff = ${key} AND position = :position AND has_output = 0`;

export const body = `SELECT gzip FROM body WHERE kickoff = ${key}`;
/** Never over an earlier one. */
export const firstBody = `INSERT INTO body (kickoff, gzip) VALUES (${key}, :gzip) ON CONFLICT DO NOTHING`;
export const nextBody = `INSERT INTO body (kickoff, gzip) VALUES (${key}, :gzip)
  ON CONFLICT DO UPDATE SET gzip = excluded.gzip WHERE gzip IS NOT excluded.gzip`;

/** One row for the one who was first; none for a run that is not there. */
export const claimNotice = `INSERT INTO notice (kickoff, claimed_at)
  SELECT key, :now FROM kickoff WHERE ${isRef} ON CONFLICT DO NOTHING`;

export const claimRefusal = 'INSERT INTO refusal (deployment) SELECT key FROM deployment WHERE key = :key ON CONFLICT DO NOTHING';
export const forgetRefusal = 'DELETE FROM refusal WHERE deployment = :key';

/** What is taken over from a damaged file afterwards. */
export const withoutBody = `SELECT kickoff.key, url, id FROM kickoff JOIN deployment ON deployment = deployment.key
  WHERE NOT EXISTS (SELECT 1 FROM body WHERE kickoff = kickoff.key)`;
export const keysByName = `SELECT kickoff.key, url, id FROM kickoff NOT INDEXED
  CROSS JOIN deployment ON deployment = deployment.key`;
export const salvagedBody = 'INSERT INTO body (kickoff, gzip) VALUES (?, ?) ON CONFLICT DO NOTHING';
export const salvagedOutput = 'INSERT INTO task_output (kickoff, position, output) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
export const salvagedMark = 'UPDATE task SET has_output = 1 WHERE kickoff = ? AND position = ?';

export const verdicts = 'SELECT subject, failures, trouble, trouble_says, retry_at, since FROM health';
export const lease = 'SELECT holder, epoch, beat, quiet_ms, at FROM lease';
export const forgetVerdicts = 'DELETE FROM health';
