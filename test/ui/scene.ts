import path from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from '#test/simulator/server';
import { startCanned, startSink } from './canned';
import { openStage, versionAsked, type Setting, type Stage } from './stage';

/** A stage and the servers for it, which exist while the tests of a suite run. */
type Scene<Beside> = Beside & { readonly stage: Stage };

/** Opens a stage and simulated deployments before the tests of the current suite, and closes them afterward. */
export function useScene(options: SimulatorOptions, setting?: Setting): Scene<{ readonly simulator: Simulator }> {
  return openScene(async () => ({ simulator: await startSimulator(options) }), setting);
}

/** Opens a stage, a deployment with these status responses by kickoff ID, and a server that must not receive requests. */
export function useCannedScene(statuses: (sink: string) => Readonly<Record<string, object>>, setting?: Setting) {
  return openScene(async () => {
    const [canned, sink] = [await startCanned(), await startSink()];
    for (const [id, status] of Object.entries(statuses(sink.url))) canned.setStatus(id, status);
    return { canned, sink };
  }, setting);
}

/**
 * Opens a stage and the servers from `start` before the tests of the current suite, and closes them afterward. The returned object is empty
 * until then.
 */
export function openScene<Beside extends Readonly<Record<string, { stop(): Promise<void> }>>>(
  start: () => Promise<Beside>,
  setting: Setting | ((beside: Beside) => Setting) = {},
): Scene<Beside> {
  const scene = {} as Scene<Beside>;
  let started: readonly { stop(): Promise<void> }[] = [];
  let stage: Stage | undefined;
  before(async () => {
    const beside = await start();
    started = Object.values(beside);
    stage = await openStage(typeof setting === 'function' ? setting(beside) : setting);
    Object.assign(scene, beside, { stage });
  });
  // Takes a picture for people. Tests check texts and icons.
  afterEach(async function () {
    const name = this.currentTest?.fullTitle().replaceAll(/\W+/g, '-').slice(0, 200);
    await stage?.window.screenshot(path.join('dist/pictures', versionAsked(), `${name}.png`));
  });
  after(async () => {
    try {
      await stage?.close();
    } finally {
      await Promise.all(started.map((one) => one.stop()));
    }
  });
  return scene;
}
