import * as fc from 'fast-check';
import type { DeploymentKey } from '#core/kickoff/deployment';
import type { Kickoff, Phase, Progress, FinishedTask } from '#core/kickoff/kickoff';
import { kickoffId } from '#core/kickoff/kickoffId';
import type { Trouble } from '#core/kickoff/trouble';
import { troubleKinds } from '#test/support/builders';

/** One arbitrary for each field, including optional fields. A new field doesn't compile until it gets an arbitrary here. */
type Fields<T> = { readonly [Key in keyof Required<T>]: fc.Arbitrary<Required<T>[Key]> };

/** Texts with anything that a server may send: NUL, lone surrogates, noncharacters. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', 'a\0b', '\ud800', '\udc00\ud800', '\u{10ffff}', '\ufeff', '"\\\u2028'),
);

const number = fc.oneof(
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.constantFrom(2 ** 53, 2 ** 60, 1.5, -1),
);

/** Milliseconds since the epoch, in the range of dates. */
const time = fc.oneof(
  fc.nat(),
  fc.double({ noNaN: true, min: -8.64e15, max: 8.64e15 }).map((value) => value + 0),
);

const phase: fc.Arbitrary<Phase> = fc.oneof(
  fc.record({ kind: fc.constantFrom('queued', 'waiting', 'missing', 'succeeded', 'stopped') }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('running'), stateText: text }, { noNullPrototype: true, requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('failed'), reason: text }, { noNullPrototype: true, requiredKeys: ['kind'] }),
);

const task: Fields<FinishedTask> = {
  position: fc.oneof(fc.integer({ min: 1, max: 30 }), number),
  name: text,
  agent: text,
  executionSeconds: number,
  hasOutput: fc.boolean(),
  language: fc.constantFrom('markdown', 'json', 'plain'),
  outputHash: text,
  isUnseen: fc.boolean(),
  seenAt: time,
};

const tasks: fc.Arbitrary<readonly FinishedTask[]> = fc
  .uniqueArray(fc.record(task, { noNullPrototype: true, requiredKeys: ['position', 'name', 'hasOutput'] }), {
    maxLength: 6,
    selector: ({ position }) => position,
  })
  .map((list) => list.sort((one, other) => (one.position < other.position ? -1 : 1)));

const trouble: Fields<Trouble> = {
  kind: fc.constantFrom(...troubleKinds),
  detail: text,
  retryAt: time,
  since: time,
  code: text,
  failedAt: time,
};

const progress: Fields<Progress> = { completed: number, total: number, current: text, agent: text, thought: text, tool: text };

/** Returns an arbitrary of every run that the types allow. */
export function arbitraryKickoff(deployment: DeploymentKey): fc.Arbitrary<Kickoff> {
  const fields: Fields<Kickoff> = {
    deployment: fc.constant(deployment),
    id: fc.uuid().map((uuid) => kickoffId(uuid)!),
    label: text,
    isStarted: fc.boolean(),
    inputLabel: text,
    continues: fc.uuid().map((uuid) => kickoffId(uuid)!),
    isFlow: fc.boolean(),
    phase,
    phaseSince: time,
    progress: fc.record(progress, { noNullPrototype: true, requiredKeys: [] }),
    progressSince: time,
    tasks,
    trackedAt: time,
    checkedAt: time,
    startedAt: time,
    isStartObserved: fc.boolean(),
    hasRun: fc.boolean(),
    finishedAt: time,
    // Longer durations have so many digits that a row's description is cut.
    executionSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
    totalTokens: number,
    output: fc.constantFrom('markdown', 'json', 'plain'),
    title: text,
    isUnread: fc.boolean(),
    isMuted: fc.boolean(),
    waitNotified: number,
    removedAt: time,
    notBefore: time,
    epoch: number,
    trouble: fc.record(trouble, { noNullPrototype: true, requiredKeys: ['kind'] }),
  };
  const requiredKeys = ['deployment', 'id', 'phase', 'phaseSince', 'progress', 'tasks', 'trackedAt'] as const;
  return fc.record(fields, { noNullPrototype: true, requiredKeys: [...requiredKeys] });
}
