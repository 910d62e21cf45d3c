import type { ExtensionContext } from 'vscode';

interface Hooks {
  beforeActivation?: (context: ExtensionContext) => unknown;
  /** Milliseconds that loading the product took, and `activate()` up to its first wait. */
  loading?: number;
  calling?: number;
}

/** Shared by the probe and the extension, which are bundles of their own in one process. */
export function hooks(): Hooks {
  const place = globalThis as { kickoffsBench?: Hooks };
  return (place.kickoffsBench ??= {});
}
