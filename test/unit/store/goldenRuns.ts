import { resolve } from 'node:path';
import type { HealthRecord } from '#core/history/store';
import type { Deployment } from '#core/kickoff/deployment';
import type { Kickoff } from '#core/kickoff/kickoff';
import type { StartAttempt } from '#core/starts/attempt';
import { KickoffStore } from '#store/store';
import { addKickoff, id } from '#test/support/builders';
import { bytes, run, url } from './support';

/** The folder with a file of each released schema, `schema-N.db`. */
export const goldenFolder = resolve('test/unit/store/golden');

/** A fixed time, so that the content of a golden file doesn't depend on the day on which it is written. */
const now = Date.UTC(2026, 10, 27);
const still = { now: () => now, after: () => ({ dispose: () => undefined }) };

/** Texts that JSON has to escape. */
const odd = 'a\0b \ud800 \u{10ffff} "\\\u2028';

/** Returns an active run with every field that an active run can have. */
export function activeRun(deployment: Deployment): Kickoff {
  return run(deployment, 'run-1', {
    label: `nightly ${odd}`,
    isMuted: true,
    waitNotified: 7_000,
    phase: { kind: 'running', stateText: `REHYDRATING ${odd}` },
    phaseSince: 2_000,
    progress: { completed: 2, total: 3, current: 'write', agent: 'Writer', thought: odd, tool: 'search' },
    progressSince: 2_500,
    trackedAt: 1_000,
    checkedAt: 9_000,
    startedAt: 1_500,
    isStartObserved: true,
    hasRun: true,
    totalTokens: 2 ** 53,
    trouble: { kind: 'serverTrouble', detail: 'Bad Gateway', retryAt: 12_000 },
    notBefore: 11_000,
    epoch: 4,
    tasks: [
      ...[{ position: 1, name: 'research', agent: 'Researcher', executionSeconds: 42.5, hasOutput: true, seenAt: 5_000 }],
      ...[{ position: 2, name: odd, hasOutput: true, language: 'json', outputHash: '12.x' } as const],
      ...[{ position: 3, name: 'draft', hasOutput: false, isUnseen: true }],
    ],
  });
}

export const taskOutputs: ReadonlyMap<number, string> = new Map([
  [1, '{"found": 12345678901234567890}'],
  [2, odd],
]);

/** Returns a finished run with every field that only a finished run has. */
export function failedRun(deployment: Deployment): Kickoff {
  return run(deployment, 'run-2', {
    phase: { kind: 'failed', reason: 'No key.' },
    phaseSince: 8_000,
    trackedAt: 3_000,
    checkedAt: 8_000,
    finishedAt: 8_000,
    executionSeconds: 4.5,
    isUnread: true,
    output: 'markdown',
    title: `State of AI agents ${odd}`,
    hasRun: true,
  });
}

export const failedBody = '{"state":"FAILED","status":"No key."}';

export const healthRecords: readonly HealthRecord[] = [
  { subject: 'https://crew.example', failures: 4, trouble: { kind: 'throttled', detail: odd, retryAt: 9_000, since: 7 } },
];

/** The first schema with starts and inputs. */
export const firstWithStarts = 14;

/** Returns a start that AMP hasn't confirmed, with every field. */
export function attemptOf(deployment: Deployment): StartAttempt {
  const problem = { kind: 'serverTrouble', code: 'HTTP 504' } as const;
  const inputs = { topic: odd, list: [1, null, { deep: true }] };
  return { deployment: deployment.key, requestId: id(1), sentAt: 10_000.5, inputs, continues: id('run-1'), problem };
}

/** Returns a run that the extension started, with the fields that only such a run has. */
export function startedRun(deployment: Deployment): Kickoff {
  return run(deployment, 'run-5', { isStarted: true, inputLabel: odd, continues: id('run-1'), isFlow: true });
}

export const startedInputs = { topic: odd, empty: '', 主题: 3 };

/** Writes the content of a golden file: each kind of row, and each field that a run can have. */
export async function writeGolden(folder: string): Promise<void> {
  const store = KickoffStore.inFolder(folder, { clock: still, random: () => 0.5 });
  const deployment = await store.addDeployment(url, 'Research');
  const removed = await store.addDeployment('https://removed.example' as typeof url, 'Removed');
  const active = activeRun(deployment);
  await addKickoff(store, active);
  const outputs = [...taskOutputs].map(([position, output]) => ({ position, output }));
  await store.update(active, () => ({ kickoff: { ...active }, outputs, body: bytes('{"state":"RUNNING"}') }));
  const failed = failedRun(deployment);
  await addKickoff(store, { ...failed, phase: { kind: 'queued' } });
  await store.update(failed, () => ({ kickoff: failed, body: bytes(failedBody) }));
  await store.claimNotice(failed);
  await store.claimRejection(deployment.key);
  const old = await addKickoff(store, run(deployment, 'run-3'));
  await store.removeOld([old], now);
  await store.undoRemove();
  await addKickoff(store, run(removed, 'run-4'));
  await store.remove(removed.key, now);
  await store.addStart(attemptOf(deployment));
  const accepted = { ...attemptOf(deployment), requestId: id(2), inputs: startedInputs };
  await store.addStart(accepted);
  await store.confirmStart(accepted, startedRun(deployment));
  await store.saveHealthRecords(healthRecords, (await store.takeLease('window 1', 4_000)).lease.epoch);
  store.close();
}
