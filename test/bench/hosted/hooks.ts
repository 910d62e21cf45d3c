import type { ExtensionContext } from 'vscode';

interface Hooks {
  beforeActivation?: (context: ExtensionContext) => unknown;
  /** Milliseconds for loading the extension, and for `activate()` until its first wait. */
  loading?: number;
  calling?: number;
}

/** Returns the hooks that the probe and the extension share. They are separate bundles in one process. */
export function hooks(): Hooks {
  const place = globalThis as { kickoffsBench?: Hooks };
  return (place.kickoffsBench ??= {});
}
