import type { StartStore } from '#core/history/store';
import type { Tracker } from '#core/history/tracker';
import type { Deployment } from '#core/kickoff/deployment';
import { newKickoff, type Kickoff } from '#core/kickoff/kickoff';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Trouble } from '#core/kickoff/trouble';
import { defined } from '#core/lib/defined';
import type { Clock } from '#core/lib/types';
import type { Poller } from '#core/polling/poller';
import { startedKickoff, type RunInputs, type StartAttempt, type StartRequest, type StartResult } from './attempt';

/** The names of a deployment's inputs, or the problem that prevents reading them. */
export type InputNames =
  { readonly kind: 'names'; readonly names: readonly string[] } | { readonly kind: 'failed'; readonly trouble: Trouble };

/** The result of a request to stop a run. `finished`: the run had finished before. `notOffered`: the deployment can't stop runs. */
export type StopResult =
  { readonly kind: 'accepted' | 'finished' | 'missing' | 'notOffered' } | { readonly kind: 'failed'; readonly trouble: Trouble };

/** Starts and stops runs, and reads the names of inputs. Sends each request at most once. */
export interface RunControl {
  inputNames(deployment: Deployment): Promise<InputNames>;
  start(deployment: Deployment, request: StartRequest): Promise<StartResult>;
  stop(deployment: Deployment, id: KickoffId): Promise<StopResult>;
}

export interface RunStarterParts {
  readonly store: StartStore;
  readonly control: () => Promise<Pick<RunControl, 'start'>>;
  readonly tracker: Pick<Tracker, 'loadChanges' | 'showNew'>;
  readonly poller: Pick<Poller, 'acquireRequestSlot' | 'recordRequest'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly newUuid: () => string;
  readonly settings: { readonly current: { readonly keepInputs: boolean } };
  /** Called with errors of the store that don't change the result. */
  readonly onError: (error: unknown) => void;
}

export interface StartHooks {
  /** Throws if the user no longer wants the run. Called after the wait for the rate limiter, before the attempt is stored. */
  readonly ensureWanted?: () => void;
  /** Called after the attempt was stored, before the request is sent. */
  readonly onStored?: (attempt: StartAttempt) => void;
}

/** The error when AMP started a run, but the run's ID couldn't be stored. */
export class StartedButNotStored extends Error {
  constructor(
    readonly id: KickoffId,
    override readonly cause: unknown,
  ) {
    super('The run started, but the history is not writable.');
  }
}

export type StartOutcome = { readonly kind: 'started'; readonly kickoff: Kickoff } | Exclude<StartResult, { readonly kind: 'started' }>;

/** Starts runs. Stores each attempt before the request is sent, and the ID before anything else happens. */
export class RunStarter {
  constructor(private readonly parts: RunStarterParts) {}

  /** Sends one request. Rejects if `ensureWanted` or a preparation throws before the request. Later, only with `StartedButNotStored`. */
  async start(deployment: Deployment, { inputs, continues }: RunInputs, hooks: StartHooks = {}): Promise<StartOutcome> {
    const { store, tracker, poller, clock, settings } = this.parts;
    const control = await this.parts.control();
    // The attempt is stored after this wait, because a stored attempt counts as sent.
    const throttling = await poller.acquireRequestSlot(deployment);
    if (throttling) return { kind: 'notStarted', trouble: throttling, missingInputs: [] };
    hooks.ensureWanted?.();
    const keptData = { ...(settings.current.keepInputs && { inputs }), ...defined({ continues }) };
    const attempt: StartAttempt = { requestId: this.parts.newUuid(), deployment: deployment.key, sentAt: clock.now(), ...keptData };
    await store.addStart(attempt);
    await this.#reportErrors(tracker.loadChanges());
    hooks.onStored?.(attempt);
    const result = await control
      .start(deployment, { ...attempt, inputs })
      .catch((): StartResult => ({ kind: 'unknown', trouble: { kind: 'unreachable' } }));
    poller.recordRequest(deployment, result.kind === 'started' ? undefined : result.trouble);
    if (result.kind === 'started') return { kind: 'started', kickoff: await this.confirm(attempt, result.id) };
    // Nothing retries a start whose result is unknown, so the time of a retry has no meaning.
    const { retryAt: _, ...problem } = result.trouble;
    // If this fails, the attempt stays and counts as unknown.
    await this.#reportErrors(result.kind === 'unknown' ? store.changeStart({ ...attempt, problem }) : store.deleteStart(attempt));
    await this.#reportErrors(tracker.loadChanges());
    return result.kind === 'unknown' ? { kind: 'unknown', trouble: problem } : result;
  }

  /** Deletes an attempt that AMP didn't confirm. */
  async forget(attempt: StartAttempt): Promise<void> {
    await this.parts.store.deleteStart(attempt);
    await this.parts.tracker.loadChanges();
  }

  /** Replaces an attempt with its run. Rejects with `StartedButNotStored` if the store can't be written. */
  async confirm(attempt: StartAttempt, id: KickoffId): Promise<Kickoff> {
    const { store, tracker, clock } = this.parts;
    const kickoff = startedKickoff(newKickoff({ deployment: attempt.deployment, id }, clock.now()), attempt);
    const stored = await store.confirmStart(attempt, kickoff).catch((error: unknown) => {
      throw new StartedButNotStored(id, error);
    });
    tracker.showNew([stored]);
    await this.#reportErrors(tracker.loadChanges());
    return stored;
  }

  /** Reports an error of the store instead of throwing it. */
  async #reportErrors(work: Promise<unknown>): Promise<void> {
    await work.catch(this.parts.onError);
  }
}
