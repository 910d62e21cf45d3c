import { createRequire } from 'node:module';
import type * as vscode from 'vscode';
import { hooks } from './hooks';
import type { WatchOrder } from './looks';

interface Extension {
  activate(context: vscode.ExtensionContext): Promise<unknown>;
}

/** The product as it is packaged, after whoever measures has had a look at what it is given. */
export async function activate(context: vscode.ExtensionContext): Promise<unknown> {
  await hooks().beforeActivation?.(context);
  // A view that is shown has it activated before whoever else could give it a token.
  const { url, token } = JSON.parse(process.env['KICKOFFS_DELAYS'] ?? '{}') as Partial<WatchOrder>;
  if (token !== undefined) await context.secrets.store(`token:${url}`, token);
  const from = performance.now();
  const product = createRequire(__filename)('./dist/extension.js') as Extension;
  const loaded = performance.now();
  const activating = product.activate(context);
  Object.assign(hooks(), { loading: loaded - from, calling: performance.now() - loaded });
  return activating;
}
