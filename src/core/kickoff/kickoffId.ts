declare const brand: unique symbol;

/** The only handle on a run: opaque, compared exactly; minted by `kickoffId` alone. */
export type KickoffId = string & { readonly [brand]: 'KickoffId' };

const legal = /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/;

/** The id that a text as a whole is, or undefined when it is none. */
export function kickoffId(text: string): KickoffId | undefined {
  return legal.test(text) ? (text as KickoffId) : undefined;
}

/** What stands for a run without a label: the first eight characters of a UUID, else the id. */
export function shortId(id: KickoffId): string {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id) ? id.slice(0, 8) : id;
}
