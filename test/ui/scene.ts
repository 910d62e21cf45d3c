import { startSimulator, type Simulator } from '#test/simulator/server';
import { startCanned, startSink, type Canned, type Sink } from './canned';
import { openStage, versionAsked, type Setting, type Stage } from './stage';

/** A stage and the servers for it, which exist while the tests of a suite run. */
type Scene<Beside> = Beside & { readonly stage: Stage };

/** Opens a stage and simulated deployments before the tests of the current suite, and closes them afterward. */
export function useScene(options: Parameters<typeof startSimulator>[0]): Scene<{ readonly simulator: Simulator }> {
  return openScene(async () => ({ simulator: await startSimulator(options) }));
}

/** Opens a stage, a deployment with these status responses by kickoff ID, and a server that must not receive requests. */
export function useCannedScene(
  statuses: (sink: string) => Readonly<Record<string, object>>,
  setting?: Setting,
): Scene<{ readonly canned: Canned; readonly sink: Sink }> {
  return openScene(async () => {
    const [canned, sink] = [await startCanned(), await startSink()];
    for (const [id, status] of Object.entries(statuses(sink.url))) canned.setStatus(id, status);
    return { canned, sink };
  }, setting);
}

/** Registers the hooks of the suite. The returned object is empty until the first test starts. */
function openScene<Beside extends Readonly<Record<string, { stop(): Promise<void> }>>>(
  start: () => Promise<Beside>,
  setting?: Setting,
): Scene<Beside> {
  const scene = {} as Scene<Beside>;
  const open: (() => Promise<void>)[] = [];
  before(async () => {
    const beside = await start();
    open.push(...Object.values(beside).map((one) => () => one.stop()));
    Object.assign(scene, beside);
    const stage = await openStage(versionAsked(), setting);
    open.push(() => stage.close());
    Object.assign(scene, { stage });
  });
  after(async () => {
    // Closes the servers first, because closing the stage fails if its logs contain errors.
    for (const close of open) await close();
  });
  return scene;
}
