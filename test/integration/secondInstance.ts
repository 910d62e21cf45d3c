import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import vscode = require('vscode');
import type * as Extension from '#extension';

/** The extension, which these tests activate a second time beside the active instance. */
export const { activate, deactivate } = createRequire(__filename)(path.resolve(__dirname, '../../extension.js')) as {
  activate: (context: object) => ReturnType<typeof Extension.activate>;
  deactivate: typeof Extension.deactivate;
};

/** A clock for a store that needs no timers. */
export const clock = { now: Date.now, after: () => ({ dispose: () => undefined }) };

export function nothing(): vscode.Disposable {
  return new vscode.Disposable(() => undefined);
}

/** Waits up to ten seconds until a condition is true. */
export async function until(isTrue: () => unknown, what = String(isTrue)): Promise<void> {
  for (let tries = 0; tries < 2_000 && !(await isTrue()); tries++) await setTimeout(5);
  assert.ok(await isTrue(), what);
}

/** Returns the context of an instance that stores its files in a folder. */
export function contextIn(folder: string, secrets: object = {}) {
  return {
    extensionPath: path.resolve(__dirname, '../../..'),
    subscriptions: new Array<vscode.Disposable>(),
    globalStorageUri: vscode.Uri.file(folder),
    globalState: { keys: () => [], get: () => undefined, update: () => Promise.resolve() },
    secrets: { get: () => Promise.resolve(undefined), onDidChange: nothing, ...secrets },
  };
}

/** Deactivates an instance like VS Code, which disposes the subscriptions during the deactivation. */
export async function close({ subscriptions }: { readonly subscriptions: readonly vscode.Disposable[] }): Promise<void> {
  const gone = deactivate();
  // Leaves the log open, because the active extension uses the same log.
  const [, ...others] = subscriptions;
  vscode.Disposable.from(...others).dispose();
  await gone;
}

/** Replaces the registrations of names, because the active extension has already registered the names. */
export function mockRegistrations(
  registerCommand: (name: string, handler: (target?: unknown, selected?: unknown) => unknown) => vscode.Disposable = nothing,
): void {
  mock.method(vscode.commands, 'registerCommand', registerCommand);
  mock.method(vscode.workspace, 'registerFileSystemProvider', nothing);
  mock.method(vscode.window, 'registerUriHandler', nothing);
}
