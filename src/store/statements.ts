import { refCondition } from './connection';

const deploymentColumns = 'key, url, label, page, url_since, input_names';
export const selectDeployments = `SELECT ${deploymentColumns} FROM deployment WHERE removed_at IS NULL ORDER BY key`;
export const selectDeployment = `SELECT ${deploymentColumns} FROM deployment WHERE url = :url`;
/** Adds a deployment, or restores a removed one with the new label, and with the new page if there is one. */
export const addDeployment = `INSERT INTO deployment (url, label, page) VALUES (:url, :label, :page)
  ON CONFLICT (url) DO UPDATE SET label = excluded.label, page = coalesce(excluded.page, page), removed_at = NULL
  WHERE removed_at IS NOT NULL`;
/** Another URL may have other inputs. */
export const changeDeployment = `UPDATE deployment SET url = coalesce(:url, url), label = coalesce(:label, label), page = coalesce(:page, page),
  url_since = coalesce(:urlSince, url_since), input_names = iif(:url IS NULL OR :url = url, coalesce(:inputNames, input_names), NULL) WHERE key = :key AND removed_at IS NULL RETURNING ${deploymentColumns}`;
export const selectUrlOwner = 'SELECT 1 FROM deployment WHERE url = :url AND key <> :key';
export const restoreDeployment = 'UPDATE deployment SET removed_at = NULL WHERE key = :deployment AND removed_at IS NOT NULL';

/** The columns of a run, in the order in which `toKickoff` reads them. */
const kickoffColumns = 'deployment, id, phase, removed_at, state';
export const selectKickoffs = `SELECT ${kickoffColumns} FROM kickoff WHERE removed_at IS NULL ORDER BY key`;
export const selectKickoff = `SELECT ${kickoffColumns} FROM kickoff WHERE ${refCondition}`;
/** Adds a run, or restores a removed one. */
export const addKickoff = `INSERT INTO kickoff (${kickoffColumns}) VALUES (:deployment, :id, :phase, :removedAt, :state)
  ON CONFLICT (deployment, id) DO UPDATE SET removed_at = NULL WHERE removed_at IS NOT NULL`;
export const updateKickoff = `UPDATE kickoff SET phase = :phase, removed_at = :removedAt, state = :state WHERE ${refCondition}`;
export const removeByAge = `UPDATE kickoff SET removed_at = :now, was_removed_by_age = 1
  WHERE ${refCondition} AND removed_at IS NULL AND was_removed_by_age = 0`;
export const restoreKickoff = `UPDATE kickoff SET removed_at = NULL WHERE ${refCondition} AND removed_at IS NOT NULL`;
export const selectTrackedIds = `SELECT url, label, id, coalesce(kickoff.removed_at, deployment.removed_at)
  FROM deployment LEFT JOIN kickoff ON deployment = deployment.key ORDER BY deployment.key, kickoff.key`;

/** The version of this file, then the versions of earlier files whose ID backups are merged into this file. */
export const selectHistoryVersions = 'SELECT id, revision FROM history ORDER BY is_current DESC';
export const addHistoryVersion = `INSERT INTO history (id, revision, is_current) VALUES (:id, :revision, 0)
  ON CONFLICT (id) DO UPDATE SET revision = max(revision, excluded.revision)`;

export const selectChangedKickoffs = `SELECT ${kickoffColumns} FROM changed JOIN kickoff ON kickoff = key WHERE revision > :revision ORDER BY key`;
export const selectDeletion = 'SELECT 1 FROM changed WHERE kickoff = 0 AND revision > :revision';
export const selectLastRevision = 'SELECT max(revision) FROM changed';

const selectKickoffKey = `(SELECT key FROM kickoff WHERE ${refCondition})`;
export const selectBody = `SELECT gzip FROM body WHERE kickoff = ${selectKickoffKey}`;
export const insertBody = `INSERT INTO body (kickoff, gzip) VALUES (${selectKickoffKey}, :gzip) ON CONFLICT DO NOTHING`;
export const upsertBody = `INSERT INTO body (kickoff, gzip) VALUES (${selectKickoffKey}, :gzip)
  ON CONFLICT DO UPDATE SET gzip = excluded.gzip WHERE gzip IS NOT excluded.gzip`;
export const selectOutputs = `SELECT position, output FROM task_output WHERE kickoff = ${selectKickoffKey} ORDER BY position`;
/** The bytes of an output, which are cheaper to read than its text. */
export const selectOutputBytes = `SELECT CAST(output AS BLOB) FROM task_output WHERE kickoff = ${selectKickoffKey} AND position = :position`;
export const upsertOutput = `INSERT INTO task_output (kickoff, position, output) VALUES (${selectKickoffKey}, :position, :output)
  ON CONFLICT DO UPDATE SET output = excluded.output WHERE output IS NOT excluded.output`;
export const selectOutputSizes = `SELECT position, octet_length(output) FROM task_output WHERE kickoff = ${selectKickoffKey} ORDER BY position`;
export const selectAnyBody = 'SELECT gzip FROM body LIMIT 1';
export const selectAnyOutput = 'SELECT output FROM task_output LIMIT 1';

export const selectStarts = 'SELECT request_id, deployment, attempt FROM start WHERE removed_at IS NULL ORDER BY rowid';
export const addStart =
  'INSERT INTO start (request_id, deployment, attempt) VALUES (:requestId, :deployment, :attempt) ON CONFLICT DO NOTHING';
export const changeStart = 'UPDATE start SET attempt = :attempt WHERE request_id = :requestId AND deployment = :deployment';
export const removeStart = 'UPDATE start SET removed_at = :now WHERE request_id = :requestId AND removed_at IS NULL';
export const restoreStart = 'UPDATE start SET removed_at = NULL WHERE request_id = :requestId AND removed_at IS NOT NULL';
export const deleteStart =
  'DELETE FROM start WHERE request_id = :requestId AND deployment = :deployment RETURNING request_id, deployment, attempt';
export const selectInputs = `SELECT inputs FROM input WHERE kickoff = ${selectKickoffKey}`;
export const addInputs = `INSERT INTO input (kickoff, inputs) SELECT key, :inputs FROM kickoff WHERE ${refCondition} ON CONFLICT DO NOTHING`;

/** Claims the notification of a finished run. Changes a row only for the first caller. */
export const claimNotice = `UPDATE kickoff SET notified_at = :now WHERE ${refCondition} AND notified_at IS NULL`;
export const claimRejection = 'UPDATE deployment SET is_refusal_claimed = 1 WHERE key = :key AND is_refusal_claimed = 0';
export const recordToken = 'UPDATE deployment SET has_token = :isSaved WHERE url = :url';
export const claimLostToken = 'UPDATE deployment SET has_token = 0 WHERE key = :key AND has_token = 1';
export const forgetRejection = 'UPDATE deployment SET is_refusal_claimed = 0 WHERE key = :key';

export const selectHealthRecords = 'SELECT subject, record FROM health';
export const deleteHealthRecords = 'DELETE FROM health';
export const addHealthRecord = 'INSERT INTO health (subject, record) VALUES (:subject, :record)';
export const selectLease = 'SELECT holder, epoch, beat, quiet_ms, at FROM lease';
