import type { Source } from '#core/polling/pollerParts';
import type { Amp } from './source';

/** Returns a source that loads the client on its first use. If loading fails, the host counts as unreachable, so that a retry loads it again. */
export function lazySource(amp: () => Promise<Pick<Amp, 'source'>>): Source {
  return {
    observe: async (...request) => {
      const loaded = await amp().catch(() => undefined);
      return loaded ? loaded.source.observe(...request) : { kind: 'unanswered', trouble: { kind: 'unreachable' } };
    },
  };
}
