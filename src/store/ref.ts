import type { KickoffRef } from '#core/kickoff/kickoff';

/** The condition of a statement about one run, for the parameters that `refOf` returns. */
export const isRef = 'deployment = :deployment AND id = :id';

export function refOf({ deployment, id }: KickoffRef) {
  return { deployment, id };
}
