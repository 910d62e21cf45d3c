import { keyOf } from '#core/history/board';
import type { HealthRecord, KickoffUpdate, Lease, SharedStore, Store, StoreSnapshot, Watcher } from '#core/history/store';
import type { Deployment, DeploymentChange, DeploymentKey, DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import {
  isSettled,
  newKickoff,
  userFields,
  type Answer,
  type Kickoff,
  type KickoffRef,
  type Observation,
  type Phase,
  type FinishedTask,
} from '#core/kickoff/kickoff';
import { defined } from '#core/lib/defined';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { durationsOf, type RunDurations } from '#core/kickoff/durations';
import { isTroubleKind, type Trouble, type TroubleKind } from '#core/kickoff/trouble';
import { HistoryFailure } from '#core/lib/errors';
import type { Network, StatusSource } from '#core/polling/pollerParts';
import type { Inputs } from '#core/starts/attempt';
import { second, start, type ManualClock } from './manualClock';

export function url(text: string): DeploymentUrl {
  const canonical = canonicalUrl(text);
  if (canonical === undefined) throw new Error(`The test uses an invalid URL: ${text}`);
  return canonical;
}

/** Returns the n-th ID of a test, or a text as an ID. */
export function id(of: number | string = 1): KickoffId {
  const text = typeof of === 'string' ? of : `00000000-0000-4000-8000-${String(of).padStart(12, '0')}`;
  const minted = kickoffId(text);
  if (minted === undefined) throw new Error(`The test uses an invalid ID: ${text}`);
  return minted;
}

export function key(of = 1): DeploymentKey {
  return of as DeploymentKey;
}

export function deployment(of: { key?: number; url?: string; label?: string } = {}): Deployment {
  return { key: key(of.key), url: url(of.url ?? 'https://crew.example.com'), label: of.label ?? 'crew' };
}

/** Returns a run that was just tracked. `fields` replaces some of its fields. */
export function kickoff(fields: Partial<Kickoff> = {}): Kickoff {
  return { ...newKickoff({ deployment: key(), id: id() }, start), ...fields };
}

/** Returns tasks that finished at these times, in seconds since the start of the run. */
export function finishedTasks(seconds: readonly number[], startedAt = start): readonly FinishedTask[] {
  return seconds.map((at, index) => ({ position: index + 1, name: '', hasOutput: true, seenAt: startedAt + at * second }));
}

/** Returns the history of runs with these durations in seconds, newest first. The tasks of a run take equally long. */
export function knownRuns(durations: readonly number[], tasks = 1): RunDurations {
  return durationsOf(
    durations.map((seconds, n) => {
      const startedAt = start - (n + 1) * 100_000 * second;
      const ends = Array.from({ length: tasks }, (_, index) => ((index + 1) / tasks) * seconds);
      const times = { startedAt, finishedAt: startedAt + seconds * second };
      return kickoff({ id: id(n + 1), phase: { kind: 'succeeded' }, ...times, tasks: finishedTasks(ends.slice(0, -1), startedAt) });
    }),
  );
}

const phases = { queued: 1, running: 1, waiting: 1, missing: 1, succeeded: 1, failed: 1, stopped: 1 } satisfies Record<Phase['kind'], 1>;

/** All kinds of phases. */
export const phaseKinds = Object.keys(phases) as (keyof typeof phases)[];

const kinds = {
  ...{ noToken: 1, tokenRefused: 1, notAllowed: 1, throttled: 1, serverTrouble: 1, notAnAnswer: 1, moved: 1, wrongAddress: 1 },
  ...{ nameUnknown: 1, unreachable: 1, certificate: 1, proxy: 1, tooLarge: 1, refused: 1, offline: 1, notSaved: 1 },
} satisfies Record<TroubleKind, 1>;

/** All kinds of problems. */
export const troubleKinds = Object.keys(kinds).filter(isTroubleKind);

export function answer(phase: Phase | Phase['kind'], fields: Partial<Answer> = {}): Answer {
  return { phase: typeof phase === 'string' ? { kind: phase } : phase, progress: {}, tasks: [], hasAllTasks: false, ...fields };
}

type Answered = Extract<Observation, { kind: 'answered' }>;

export function answered(
  phase: Phase | Phase['kind'],
  fields: Partial<Answer> & Partial<Pick<Answered, 'body' | 'retryAfterSeconds'>> = {},
): Answered {
  const { body, retryAfterSeconds, ...rest } = fields;
  const response = answer(phase, rest);
  return {
    kind: 'answered',
    answer: response,
    body: body ?? new TextEncoder().encode(response.phase.kind),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

export function unanswered(kind: TroubleKind = 'unreachable', fields: Omit<Trouble, 'kind'> = {}): Observation {
  return { kind: 'unanswered', trouble: { kind, ...fields } };
}

/** Stores a run with its inputs, and returns the stored run. */
export async function addKickoff(store: Pick<Store, 'addKickoffs'>, kickoff: Kickoff, inputs?: Inputs): Promise<Kickoff> {
  const [stored] = await store.addKickoffs([kickoff], inputs);
  return stored!;
}

/**
 * A store in memory, which any number of windows can share. The store calls each `change` twice, as the real store does when another window
 * had locked the file. Only the second result counts.
 */
export class MemoryStore implements Store, SharedStore {
  readonly written: { readonly at: string; readonly change: KickoffUpdate }[] = [];
  readonly claims: { readonly at: string; readonly isFirst: boolean }[] = [];
  /** Whether all writes fail because the disk is full. */
  isFull = false;
  now: () => number = () => 0;
  lease: Lease = { epoch: 0, beat: 0, beatAt: 0 };
  records: readonly HealthRecord[] = [];

  readonly #deployments: Deployment[] = [];
  readonly #kickoffs = new Map<string, Kickoff>();
  readonly #outputs = new Map<string, Map<number, string>>();
  readonly #bodies = new Map<string, Uint8Array>();
  /** The key of the changed run for each revision. */
  readonly #log: string[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(deployments: readonly Deployment[] = [], kickoffs: readonly Kickoff[] = []) {
    this.#deployments.push(...deployments);
    for (const one of kickoffs) this.#kickoffs.set(keyOf(one), one);
  }

  async load(since?: number): Promise<StoreSnapshot> {
    await Promise.resolve();
    const isFullReload = since === undefined;
    const kickoffs = isFullReload
      ? [...this.#kickoffs.values()].filter(({ removedAt }) => removedAt === undefined)
      : [...new Set(this.#log.slice(since))].flatMap((at) => this.#kickoffs.get(at) ?? []);
    return { ...this.#shared(), kickoffs, isFullReload };
  }

  #shared(): Omit<StoreSnapshot, 'kickoffs' | 'isFullReload'> {
    return { revision: this.#log.length, lease: this.lease, healthRecords: this.records, starts: [], deployments: [...this.#deployments] };
  }

  async takeLease(holder: string, nextBeatMs: number, only?: Lease): ReturnType<SharedStore['takeLease']> {
    await this.#ready();
    const before = this.lease;
    const { holder: last, epoch, beat } = before;
    if (!only || last === undefined || (only.epoch === epoch && only.beat === beat))
      this.#give({ holder, epoch: epoch + 1, beat }, nextBeatMs);
    return { lease: this.lease, before };
  }

  async renewLease({ holder = '', epoch }: Lease, nextBeatMs: number | undefined): Promise<Lease> {
    await this.#ready();
    if (this.lease.holder === holder && this.lease.epoch === epoch) this.#give({ holder, epoch, beat: this.lease.beat }, nextBeatMs);
    return this.lease;
  }

  async releaseLease({ holder, epoch }: Lease): Promise<void> {
    await this.#ready();
    if (this.lease.holder === holder && this.lease.epoch === epoch) this.#give({ epoch, beat: this.lease.beat }, undefined);
  }

  async saveHealthRecords(records: readonly HealthRecord[], epoch: number): Promise<void> {
    await this.#ready();
    if (this.lease.epoch !== epoch) return;
    this.records = records;
    this.#notify();
  }

  watch(written: () => void): Watcher {
    this.#watchers.add(written);
    return { ensureWatching: () => undefined, dispose: () => this.#watchers.delete(written) };
  }

  #give(lease: Omit<Lease, 'beatAt' | 'nextBeatMs'>, nextBeatMs: number | undefined): void {
    this.lease = { ...lease, beat: lease.beat + 1, beatAt: this.now(), ...(nextBeatMs !== undefined && { nextBeatMs }) };
    this.#notify();
  }

  #touch(at: string): void {
    this.#log.push(at);
    this.#notify();
  }

  #notify(): void {
    for (const notify of this.#watchers) notify();
  }

  async addDeployment(of: DeploymentUrl, label: string): Promise<Deployment> {
    await this.#ready();
    const known = this.#deployments.find((one) => one.url === of);
    if (known) return known;
    const added = { key: key(this.#deployments.length + 1), url: of, label };
    this.#deployments.push(added);
    return added;
  }

  async #addKickoff(added: Kickoff): Promise<Kickoff> {
    await this.#ready();
    const { removedAt: _, ...known } = this.#kickoffs.get(keyOf(added)) ?? added;
    this.#kickoffs.set(keyOf(added), known);
    this.#touch(keyOf(added));
    return known;
  }

  async addKickoffs(added: readonly Kickoff[]): Promise<readonly Kickoff[]> {
    return Promise.all(added.map((one) => this.#addKickoff(one)));
  }

  async moveKickoff(from: KickoffRef, to: DeploymentKey, now: number): Promise<Kickoff> {
    const old = this.stored(from);
    await this.remove([from], -now);
    const { trackedAt } = old;
    return this.#addKickoff(defined({ ...newKickoff({ deployment: to, id: from.id }, now), ...userFields(old), trackedAt }));
  }

  /** Restores the earlier runs after an error. */
  async changeKickoffs(refs: readonly KickoffRef[], change: (stored: Kickoff) => Kickoff): Promise<readonly Kickoff[]> {
    const before = new Map(this.#kickoffs);
    try {
      const changed: Kickoff[] = [];
      for (const ref of refs) changed.push(...[(await this.update(ref, (stored) => ({ kickoff: change(stored) }))) ?? []].flat());
      return changed;
    } catch (error) {
      for (const [at, kickoff] of before) this.#kickoffs.set(at, kickoff);
      throw error;
    }
  }

  async update(ref: KickoffRef, change: (stored: Kickoff, leaseEpoch: number) => KickoffUpdate): Promise<Kickoff | undefined> {
    await this.#ready();
    const at = keyOf(ref);
    const stored = this.#kickoffs.get(at);
    if (!stored) return undefined;
    change(stored, this.lease.epoch);
    const changed = change(stored, this.lease.epoch);
    if (changed.kickoff === stored) return stored;

    this.written.push({ at, change: changed });
    this.#kickoffs.set(at, changed.kickoff);
    if (changed.body && this.#isWorthKeeping(stored, changed.kickoff)) this.#bodies.set(at, changed.body);
    const outputs = this.#outputs.get(at) ?? new Map<number, string>();
    for (const { position, output } of changed.outputs ?? []) outputs.set(position, output);
    this.#outputs.set(at, outputs);
    this.#touch(at);
    return changed.kickoff;
  }

  async kickoff(ref: KickoffRef): Promise<Kickoff | undefined> {
    await Promise.resolve();
    return this.#kickoffs.get(keyOf(ref));
  }

  async changeDeployment(of: DeploymentKey, change: DeploymentChange): Promise<Deployment | undefined> {
    await this.#ready();
    const index = this.#deployments.findIndex((one) => one.key === of);
    const before = this.#deployments[index];
    if (!before) return undefined;
    const after = { ...before, ...change };
    this.#deployments.splice(index, 1, after);
    return after;
  }

  async remove(what: readonly KickoffRef[] | DeploymentKey, now: number): Promise<number> {
    await this.#ready();
    const gone =
      typeof what === 'number'
        ? [...this.#kickoffs.values()].filter((one) => one.deployment === what)
        : what.flatMap((ref) => this.#kickoffs.get(keyOf(ref)) ?? []);
    for (const one of gone) this.#kickoffs.set(keyOf(one), { ...one, removedAt: now });
    for (const one of gone) this.#touch(keyOf(one));
    return gone.length;
  }

  readonly #old = new Set<string>();

  async removeOld(what: readonly KickoffRef[], now: number): Promise<number> {
    const gone = what.filter((ref) => !this.#old.has(keyOf(ref)));
    for (const ref of gone) this.#old.add(keyOf(ref));
    return this.remove(gone, now);
  }

  async undoRemove(): Promise<number> {
    await this.#ready();
    const last = Math.max(...[...this.#kickoffs.values()].map(({ removedAt = 0 }) => removedAt));
    const back = [...this.#kickoffs.values()].filter(({ removedAt }) => removedAt === last && last > 0);
    for (const { removedAt: _, ...one } of back) this.#kickoffs.set(keyOf(one), one);
    for (const one of back) this.#touch(keyOf(one));
    return back.length;
  }

  async purge(removedBefore: number): Promise<void> {
    await this.#ready();
    for (const [at, { removedAt = Infinity }] of this.#kickoffs) if (Math.abs(removedAt) < removedBefore) this.#kickoffs.delete(at);
  }

  async urls(): Promise<readonly DeploymentUrl[]> {
    await this.#ready();
    return [];
  }

  async deleteAll(_kept: readonly DeploymentUrl[]): Promise<readonly DeploymentUrl[]> {
    await this.#ready();
    this.#kickoffs.clear();
    return [];
  }

  async vacuum(): Promise<void> {
    await this.#ready();
  }

  readonly #claimed = new Set<string>();

  async claimNotice(ref: KickoffRef): Promise<boolean> {
    await this.#ready();
    const isFirst = !this.#claimed.has(keyOf(ref));
    this.#claimed.add(keyOf(ref));
    this.claims.push({ at: keyOf(ref), isFirst });
    return isFirst;
  }

  readonly #saved = new Set<DeploymentUrl>();
  readonly #refusals = new Set<DeploymentKey>();

  async claimRejection(of: DeploymentKey): Promise<boolean> {
    await this.#ready();
    const isFirst = !this.#refusals.has(of);
    this.#refusals.add(of);
    return isFirst;
  }

  async forgetRejection(of: DeploymentKey): Promise<void> {
    await this.#ready();
    this.#refusals.delete(of);
  }

  async recordToken(of: DeploymentUrl, isSaved: boolean): Promise<void> {
    await this.#ready();
    if (isSaved) this.#saved.add(of);
    else this.#saved.delete(of);
  }

  async claimLostToken(of: DeploymentKey): Promise<boolean> {
    await this.#ready();
    const { url: at } = this.#deployments.find(({ key }) => key === of) ?? {};
    return at !== undefined && this.#saved.delete(at);
  }

  async inputs(): Promise<Inputs | undefined> {
    await Promise.resolve();
    return undefined;
  }

  async body(ref: KickoffRef): Promise<Uint8Array | undefined> {
    await Promise.resolve();
    return this.#bodies.get(keyOf(ref));
  }

  async taskOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, string>> {
    await Promise.resolve();
    return this.#outputs.get(keyOf(ref)) ?? new Map<number, string>();
  }

  async storedOutputs(ref: KickoffRef): Promise<ReadonlyMap<number, Uint8Array<ArrayBuffer>>> {
    const outputs = await this.taskOutputs(ref);
    return new Map([...outputs].map(([position, output]) => [position, new TextEncoder().encode(JSON.stringify(output))]));
  }

  /** Returns the stored run, even if it is removed. Throws if the run isn't stored. */
  stored(ref: KickoffRef): Kickoff {
    const found = this.#kickoffs.get(keyOf(ref));
    if (!found) throw new Error(`Not stored: ${keyOf(ref)}`);
    return found;
  }

  /** Whether a new body replaces the stored body. The response for a run that AMP no longer finds doesn't replace a stored body. */
  #isWorthKeeping(before: Kickoff, after: Kickoff): boolean {
    return !isSettled(before.phase) && (after.phase.kind !== 'missing' || !this.#bodies.has(keyOf(after)));
  }

  async #ready(): Promise<void> {
    await Promise.resolve();
    if (this.isFull) throw new HistoryFailure('diskFull');
  }
}

/** One request, as the input of a script. */
export interface PollRequest {
  /** Milliseconds since the start of the clock. */
  readonly at: number;
  readonly id: KickoffId;
  readonly deployment: Deployment;
  /** The number of earlier polls of this run. */
  readonly before: number;
}

/** The responses of a source: one constant response, a list whose last item repeats, or a function of the request. */
export type Script = Observation | readonly Observation[] | ((request: PollRequest) => Observation);

/** A source that follows a script and records all requests. */
export class ScriptedSource implements StatusSource {
  readonly requests: { readonly at: number; readonly id: KickoffId }[] = [];
  inFlight = 0;
  mostInFlight = 0;
  /** The delay of responses, in milliseconds. */
  latency = 0;

  constructor(
    private readonly clock: ManualClock,
    public script: Script,
  ) {}

  /** Returns the times of all requests, or of the requests for one run. */
  times(of?: KickoffId): readonly number[] {
    return this.requests.filter((request) => of === undefined || request.id === of).map(({ at }) => at);
  }

  observe(deployment: Deployment, of: KickoffId, signal: AbortSignal): Promise<Observation> {
    const request = { at: this.clock.elapsed, id: of, deployment, before: this.times(of).length };
    this.requests.push({ at: request.at, id: of });
    if (this.requests.length > 50_000) throw new Error('The poller sent 50,000 requests in a hot loop.');

    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    const wait = this.latency === 0 ? Promise.resolve() : this.clock.wait(this.latency, signal);
    return wait.then(() => {
      this.inFlight--;
      return this.#response(request);
    });
  }

  #response(request: PollRequest): Observation {
    if (typeof this.script === 'function') return this.script(request);
    if ('kind' in this.script) return this.script;
    const response = this.script[Math.min(request.before, this.script.length - 1)];
    if (!response) throw new Error('The script is empty.');
    return response;
  }
}

/** A network that a test can disconnect, completely or for some host names. */
export class ScriptedNetwork implements Network {
  hasAddress = true;
  finds: (name: string) => boolean = () => true;
  readonly lookedUp: string[] = [];

  isConnected(): boolean {
    return this.hasAddress;
  }

  resolves(name: string): Promise<boolean> {
    this.lookedUp.push(name);
    return Promise.resolve(this.hasAddress && this.finds(name));
  }
}

/** Deletes all tokens without a failure. */
export function deletesTokens(urls: readonly DeploymentUrl[]): Promise<readonly DeploymentUrl[]> {
  return Promise.resolve(urls);
}
