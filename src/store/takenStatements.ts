import { kickoffPlaces, taskPlaces } from './columns';

/** How rows that were read from a damaged file are put in place of those of its backup, which are older; no upsert, for it breaks the triggers. */
export interface Taken {
  readonly names: readonly string[];
  readonly update: string;
  readonly insert: string;
}

function taken(table: string, names: readonly string[], of: readonly string[], when = ''): Taken {
  const set = names.filter((name) => !of.includes(name)).map((name) => `${name} = :${name}`);
  return {
    names,
    update: `UPDATE ${table} SET ${set.join(', ')} WHERE ${of.map((name) => `${name} = :${name}`).join(' AND ')} ${when} RETURNING *`,
    insert: `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')}) RETURNING *`,
  };
}

/** An end stands. */
const settled = "('succeeded', 'failed', 'stopped')";
export const takenDeployment = taken('deployment', ['key', 'url', 'label', 'removed_at'], ['key']);
export const takenKickoff = taken(
  'kickoff',
  namesOf(kickoffPlaces, 'key'),
  ['deployment', 'id'],
  `AND (phase NOT IN ${settled} OR :phase IN ${settled})`,
);
export const takenTask = taken('task', namesOf(taskPlaces, 'has_output'), ['kickoff', 'position']);
export const takenNotice = taken('notice', ['kickoff', 'claimed_at'], ['kickoff']);

function namesOf(places: object, but: string): readonly string[] {
  return Object.keys(places).filter((name) => name !== but);
}
