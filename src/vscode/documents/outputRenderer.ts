import type { Store } from '#core/history/store';
import { isSettled, type Kickoff } from '#core/kickoff/kickoff';
import type { BodyReader } from '#core/kickoff/responseBody';
import type { JobThread } from '#core/lib/jobThread';
import { withoutColors } from '#core/output/content';
import type { RunOutputs } from '#present/documents/reportOutput';
import { codeFence } from '#present/markdown/escapeMarkdown';
import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

const renderTimeoutMs = 20_000;

/** The maximum number of bytes that a report shows of an output that couldn't be rendered. */
const maxExcerptBytes = 20_000;

/** The outputs of a run as stored, for the worker thread, which renders them. */
export interface RenderJob {
  readonly body: Uint8Array | undefined;
  /** The outputs of tasks as JSON, by position. */
  readonly taskOutputs: ReadonlyMap<number, Uint8Array>;
  readonly isFailed: boolean;
  /** The translations of `documentWords` by English text. */
  readonly translations: ReadonlyMap<string, string>;
}

export interface OutputRendererParts {
  readonly store: Pick<Store, 'body' | 'storedOutputs'>;
  readonly reader: Pick<BodyReader, 'document'>;
  readonly thread: JobThread;
}

/** Returns a function that renders outputs on the worker thread, because rendering on this thread could block all extensions. */
export function outputRenderer({ store, reader, thread }: OutputRendererParts, t: Translate): (kickoff: Kickoff) => Promise<RunOutputs> {
  /** Identifies the last outputs that couldn't be rendered. Another try after each poll would keep the worker busy. */
  let unrenderableIdentity = '';
  return async (kickoff) => {
    const body = isSettled(kickoff.phase) ? await store.body(kickoff) : undefined;
    const storedOutputs = await store.storedOutputs(kickoff);
    if (!body && storedOutputs.size === 0) return { output: undefined, taskOutputs: new Map() };

    const sizes = [...storedOutputs].map(([position, { length }]) => `${position}:${length}`);
    const identity = [kickoff.deployment, kickoff.id, body?.length, ...sizes].join(' ');
    if (identity !== unrenderableIdentity) {
      const translations = new Map(Object.values(documentWords).map((text) => [text, t(text)]));
      const bodyCopy = body && new Uint8Array(body);
      const job: RenderJob = { body: bodyCopy, taskOutputs: storedOutputs, isFailed: kickoff.phase.kind === 'failed', translations };
      const transfer = [...(bodyCopy ? [bodyCopy] : []), ...storedOutputs.values()].map(({ buffer }) => buffer);
      const outputs = await thread.run(job, { transfer, timeoutMs: renderTimeoutMs }).catch(() => undefined);
      if (outputs) return outputs as RunOutputs;
      unrenderableIdentity = identity;
    }

    // Without rendering, shows only the start of the run's output, and no outputs of tasks.
    const outputBytes = body && (await reader.document(body, 'output').catch(() => undefined));
    // With `stream`, an incomplete character at the end is dropped.
    const excerpt = outputBytes && new TextDecoder().decode(outputBytes.subarray(0, maxExcerptBytes), { stream: true });
    const note = `*${t(documentWords.reportNotRendered)}*`;
    const fallback = excerpt ? `${note}\n\n<div class="kickoffs-wrap">\n\n${codeFence(withoutColors(excerpt), 'text')}\n\n</div>` : note;
    return {
      output: outputBytes || (body && kickoff.output) ? fallback : undefined,
      taskOutputs: new Map([...storedOutputs.keys()].map((position) => [position, note])),
    };
  };
}
