import { isRef } from './statements';

// Apart from the others, for these are loaded with the first removal.

export const removeDeployment = 'UPDATE deployment SET removed_at = :now WHERE key = :key AND removed_at IS NULL';
export const removeKickoffsOf = 'UPDATE kickoff SET removed_at = :now WHERE deployment = :key AND removed_at IS NULL';
export const markRemovedByAge = `INSERT INTO removed_by_age SELECT key FROM kickoff WHERE ${isRef}`;
export const lastRemoval = `SELECT max(removed_at) FROM (SELECT removed_at FROM kickoff UNION ALL SELECT removed_at FROM deployment)`;
/** Of one that came back with a run since then: that of its other runs. */
export const removalOfDeployment = `SELECT coalesce(removed_at, (SELECT max(removed_at) FROM kickoff WHERE deployment = :key))
  FROM deployment WHERE key = :key`;
export const undoKickoffs = 'UPDATE kickoff SET removed_at = NULL WHERE removed_at = :at';
export const undoDeployments = 'UPDATE deployment SET removed_at = NULL WHERE removed_at = :at';
/** The deployment of a run that comes back comes back too. */
export const undoParents = `UPDATE deployment SET removed_at = NULL WHERE removed_at IS NOT NULL
  AND key IN (SELECT deployment FROM kickoff WHERE removed_at IS NULL)`;

export const deleteKickoffs = 'DELETE FROM kickoff';
export const deleteDeployments = 'DELETE FROM deployment RETURNING url';
