import type { ExtensionContext } from 'vscode';

interface Hooks {
  beforeActivation?: (context: ExtensionContext) => unknown;
}

/** Shared by the probe and the extension, which are bundles of their own in one process. */
export function hooks(): Hooks {
  const place = globalThis as { kickoffsBench?: Hooks };
  return (place.kickoffsBench ??= {});
}
