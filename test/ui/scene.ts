import { startSimulator, type Simulator } from '#test/simulator/server';
import { startCanned, startSink, type Canned, type Sink } from './canned';
import { openStage, versionAsked, type Setting, type Stage } from './stage';

/** A real VS Code, and what is beside it; there while the tests of a suite run. */
type Scene<Beside> = Beside & { readonly stage: Stage };

/** Opens a stage beside simulated deployments before the tests of the suite that calls this, and closes it after them. */
export function useScene(options: Parameters<typeof startSimulator>[0]): Scene<{ readonly simulator: Simulator }> {
  return openScene(async () => ({ simulator: await startSimulator(options) }));
}

/** The same beside a deployment that says what `statuses` gives, by id, and a server that nothing may be fetched from. */
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

/** Its parts are there as soon as the first test is. */
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
    // What is beside it first: a stage fails that finds errors in its logs.
    for (const close of open) await close();
  });
  return scene;
}
