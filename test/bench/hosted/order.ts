/** Tasks of a measuring window, as JSON in `KICKOFFS_COSTS`. */
export interface Order {
  readonly scenario: 'start' | 'poll' | 'activation' | 'documents';
  /** The extension that is measured. */
  readonly extension: string;
  /** Its folder, to tell its timers from others'. */
  readonly folder: string;
  /** File of the results. */
  readonly resultFile: string;
  /** A simulated deployment, and runs of it that end with a large result or can be tracked. */
  readonly url: string;
  readonly token: string;
  readonly large: readonly string[];
  readonly toTrack: readonly string[];
  /** File of a profile of the activation, if needed. Profiling takes time itself. */
  readonly profileFile?: string;
}

/** How long the event loop was held up, and how long it computed, which is what is left of that on an idle machine. */
export interface Busy {
  readonly held: number;
  readonly computed: number;
}

/** Costs of a start, in milliseconds and bytes beyond those of an extension host without the extension. */
export interface Started {
  /** From the call until `activate()` had resolved, waiting included. */
  readonly activated: number;
  /** In two seconds before it. */
  readonly idle: Busy;
  /** From the call until two seconds after `activate()` had resolved. */
  readonly busy: Busy;
  readonly heap: number;
  /** Once the list has been shown too. */
  readonly heapShown: number;
  /** Connections made, and timers under 30 s set or pending, in ten idle seconds. */
  readonly connections: number;
  readonly shortTimers: number;
  /** From the call of the command until the row was drawn with the first answer. */
  readonly pasted: readonly number[];
}

/** Delays of the event loop, in milliseconds, while it polled and large results came. */
export interface Polled {
  readonly p50: number;
  readonly p999: number;
  readonly max: number;
  readonly requestsSeen: number;
}

/** Costs of the activation only, without later work. */
export interface Activated extends Pick<Started, 'activated' | 'idle' | 'busy'> {
  /** Parts of it: loading the file, and `activate()` up to its first wait. Nothing of the tree alone, which VS Code itself loads. */
  readonly loading: number;
  readonly calling: number;
  /** Expanding the first deployment in the list, with all that VS Code does about its rows. */
  readonly expanding: Busy;
}

/** The longest block of the event loop while each document of large runs was opened, in milliseconds: in all, and what the thread computed. */
export type Opened = Readonly<Record<'report' | 'response' | 'output' | 'compare', { readonly held: number; readonly computed: number }>>;
