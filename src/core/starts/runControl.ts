import type { Deployment } from '#core/kickoff/deployment';
import type { KickoffId } from '#core/kickoff/kickoffId';
import type { Trouble } from '#core/kickoff/trouble';
import type { StartRequest, StartResult } from './attempt';

/** The names of a deployment's inputs, or the problem that prevents reading them. */
export type InputNames =
  { readonly kind: 'names'; readonly names: readonly string[] } | { readonly kind: 'failed'; readonly trouble: Trouble };

/** The result of a request to stop a run. `finished` means that the run had finished before. */
export type StopResult =
  { readonly kind: 'accepted' | 'finished' | 'missing' | 'notOffered' } | { readonly kind: 'failed'; readonly trouble: Trouble };

/** Starts and stops runs. Sends each request at most once. */
export interface RunControl {
  inputNames(deployment: Deployment): Promise<InputNames>;
  start(deployment: Deployment, request: StartRequest): Promise<StartResult>;
  stop(deployment: Deployment, id: KickoffId): Promise<StopResult>;
}
