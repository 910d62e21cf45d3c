export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly slow?: Slowness;
}

/** The delays of a response, in seconds of the script. */
export interface Slowness {
  /** The delay of the headers. */
  readonly latency?: number;
  /** The number of pieces of the body, and the delay between them. */
  readonly drip?: { readonly pieces: number; readonly every: number };
}

/** A response, or the fault that replaces the response. */
export type Outcome = Answer | 'stall' | 'reset';

export function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

export function html(status: number): Answer {
  const body = '<html><title>Sign in to Wi-Fi</title><body><h1>Sign in to Wi-Fi</h1></body></html>';
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}
