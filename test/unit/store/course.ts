/** The clock and the runs of a contest, the same in all processes. */
export interface Course {
  /** The factor by which the clock is accelerated. */
  readonly faster: number;
  /** The time at which the accelerated clock and the real clock are equal, in milliseconds since the epoch. */
  readonly origin: number;
  /** The end times of the runs that finish, by the accelerated clock. */
  readonly ends: Readonly<Record<string, number>>;
}

/** Returns the time of the accelerated clock, in milliseconds since the epoch. */
export function nowIn({ faster, origin }: Course): number {
  return origin + (Date.now() - origin) * faster;
}

/** Returns the end time of a run. The IDs of runs that are added later contain their end times. */
export function endOf({ ends }: Course, id: string): number {
  const [, until] = /^until-(\d+)$/.exec(id) ?? [];
  return until === undefined ? (ends[id] ?? Infinity) : Number(until);
}
