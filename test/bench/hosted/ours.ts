import { createRequire } from 'node:module';
import type * as vscode from 'vscode';
import { hooks } from './hooks';

interface Extension {
  activate(context: vscode.ExtensionContext): Promise<unknown>;
}

/** Activates the packaged extension after the hook of the probe. */
export async function activate(context: vscode.ExtensionContext): Promise<unknown> {
  await hooks().beforeActivation?.(context);
  const from = performance.now();
  const product = createRequire(__filename)('./dist/extension.js') as Extension;
  const loaded = performance.now();
  const activating = product.activate(context);
  Object.assign(hooks(), { loading: loaded - from, calling: performance.now() - loaded });
  return activating;
}
