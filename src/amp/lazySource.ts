import type { Source } from '#core/polling/pollerParts';

/** Returns a source that loads the client on its first use. If loading fails, the host counts as unreachable, so that the next poll tries again. */
export function lazySource(loadSource: () => Promise<Source>): Source {
  return {
    observe: async (...request) => {
      const source = await loadSource().catch(() => undefined);
      return source ? source.observe(...request) : { kind: 'unanswered', trouble: { kind: 'unreachable' } };
    },
  };
}
