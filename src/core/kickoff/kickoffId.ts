declare const brand: unique symbol;

/** The ID of a run, opaque and case-sensitive. `kickoffId` checks its characters and length. */
export type KickoffId = string & { readonly [brand]: 'KickoffId' };

export function kickoffId(text: string): KickoffId | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/.test(text) ? (text as KickoffId) : undefined;
}

/** Returns the first eight characters of a UUID, and any other ID unchanged. */
export function shortId(id: KickoffId): string {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id) ? id.slice(0, 8) : id;
}
