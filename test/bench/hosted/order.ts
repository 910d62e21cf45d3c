/** Tasks of a measuring window, as JSON in `KICKOFFS_COSTS`. */
export interface Order {
  readonly scenario: 'start' | 'poll' | 'activation' | 'documents';
  readonly extension: string;
  /** The folder of the extension, which identifies its timers. */
  readonly folder: string;
  readonly resultFile: string;
  /** A simulated deployment, with runs that have large results and runs that can be tracked. */
  readonly url: string;
  readonly token: string;
  readonly large: readonly string[];
  readonly toTrack: readonly string[];
}

/** The time for which the event loop was blocked, and its CPU time. Both are equal on an idle machine. */
export interface Busy {
  readonly held: number;
  readonly computed: number;
}

/** Costs of a start, in milliseconds and bytes, without the costs of an empty extension host. */
export interface Started {
  readonly heap: number;
  /** The heap after the view was shown. */
  readonly heapShown: number;
  /** Connections, and timers under 30 s, in ten idle seconds. */
  readonly connections: number;
  readonly shortTimers: number;
  /** The times from the call of the command until the row shows the first response. */
  readonly pasted: readonly number[];
}

/** Delays of the event loop during polling and large results, in milliseconds. */
export interface Polled {
  readonly p50: number;
  readonly p999: number;
  readonly max: number;
  readonly requestsSeen: number;
}

/** Costs of the activation, and of expanding the first deployment in the view. Nothing is polled. */
export interface Activated {
  /** The time from the call of `activate()` until it resolved. */
  readonly activated: number;
  /** The load of the event loop in the two seconds before the activation. */
  readonly idle: Busy;
  /** The load of the event loop from the call of `activate()` until two seconds after it resolved. */
  readonly busy: Busy;
  /** The time to load the file and to run `activate()` until its first wait. Zero for the tree, which VS Code loads directly. */
  readonly loading: number;
  readonly calling: number;
  /** The load of the event loop while the first deployment in the view expands, including the work of VS Code. */
  readonly expanding: Busy;
}

/** The longest block of the event loop while each document of a large run opens, and its CPU time, in milliseconds. */
export type Opened = Readonly<Record<'report' | 'markdown' | 'response' | 'output' | 'compare', Busy>> & {
  /** The time until the first report of the window was opened, in milliseconds. */
  readonly firstMs: number;
};
