/** How the runs of a contest go, and by what clock; the same in all its processes. */
export interface Course {
  /** So many times as fast as life. */
  readonly faster: number;
  /** When both clocks show the same, in milliseconds since the epoch. */
  readonly origin: number;
  /** The runs that come to an end, and when, by the faster clock. */
  readonly ends: Readonly<Record<string, number>>;
}

/** The time by the faster clock, in milliseconds since the epoch. */
export function nowIn({ faster, origin }: Course): number {
  return origin + (Date.now() - origin) * faster;
}

/** A run may bear its end in its name: what is tracked later is in nobody's arguments. */
export function endOf({ ends }: Course, id: string): number {
  const [, until] = /^until-(\d+)$/.exec(id) ?? [];
  return until === undefined ? (ends[id] ?? Infinity) : Number(until);
}
