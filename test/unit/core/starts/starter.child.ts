import fetch from 'node-fetch';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Amp } from '#amp/amp';
import { AmpClient } from '#amp/http/client';
import { RunStarter } from '#core/starts/runStarter';
import { ScriptedNetwork, url as urlOf } from '#test/support/builders';
import { Window } from '#test/support/polling';
import { readingHere } from '#test/support/threads';
import { clock, opened } from '#test/unit/store/support';

// One window in a separate process, which starts a run for each line on its standard input. It reports each step on its standard output, and
// kills itself at the step in the line, if any.
const [, , folder = '', url = '', token = ''] = process.argv;
/** Short, because many cases wait for them. */
const deadlines = { headersMs: 400, postHeadersMs: 400, idleMs: 400, totalMs: 2_000 };

let diesAt: string | undefined;

function report(step: string, ...what: readonly string[]): void {
  writeSync(1, `${[step, ...what].join(' ')}\n`);
  if (step === diesAt) process.kill(process.pid, 'SIGKILL');
}

async function main(): Promise<void> {
  const store = await opened(folder);
  const deployment = await store.addDeployment(urlOf(url), 'Research');
  const client = new AmpClient('0.0.0', deadlines, async (to, init) => {
    report('sending');
    const response = await fetch(to, init);
    report('received');
    return response;
  });
  const calls = new Amp({ get: () => Promise.resolve(token) }, client, clock, readingHere);
  const silent = { observe: () => new Promise<never>(() => undefined) };
  const { tracker, poller } = new Window({ clock, source: silent, network: new ScriptedNetwork(), store });
  await tracker.load();

  const [addStart, confirmStart] = [store.addStart, store.confirmStart];
  Object.assign(store, {
    addStart: async (...values: Parameters<typeof addStart>) => {
      await addStart(...values);
      report('attempted');
    },
    confirmStart: async (...values: Parameters<typeof confirmStart>) => {
      const stored = await confirmStart(...values);
      report('stored');
      return stored;
    },
  });
  const control: Pick<Amp, 'start'> = {
    start: async (...values) => {
      const result = await calls.start(...values);
      if (result.kind === 'started') report('id', result.id, values[1].requestId);
      return result;
    },
  };
  const newUuid = () => {
    const requestId = crypto.randomUUID();
    report('clicked', requestId);
    return requestId;
  };
  const settings = { current: { keepInputs: true } };
  const starter = new RunStarter({
    store,
    control: () => Promise.resolve(control),
    tracker,
    poller,
    clock,
    newUuid,
    settings,
    onError: (error) => report('failed', String(error)),
  });

  const orders = createInterface({ input: process.stdin });
  orders.on('line', (line) => {
    diesAt = line;
    const inputs = { topic: `${process.pid} ${performance.now()}`, audience: 'all' };
    void starter
      .start(deployment, { inputs })
      .then(({ kind }) => kind, String)
      .then((outcome) => report('done', outcome));
  });
  // The test also closes the window by its own end.
  orders.on('close', () => {
    poller.dispose();
    store.close();
    process.exit();
  });
  report('ready');
}

void main();
