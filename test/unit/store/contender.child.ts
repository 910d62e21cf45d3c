import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isSettled, type Answer, type Kickoff } from '#core/kickoff/kickoff';
import type { Clock } from '#core/lib/types';
import type { StatusSource } from '#core/polling/pollerParts';
import { ScriptedNetwork } from '#test/support/builders';
import { Neighbor } from '#test/support/neighbors';
import { endOf, nowIn, type Course } from './course';
import { bytes, clock as machine, opened } from './support';

// One window in a separate process, with an accelerated clock. It reports its actions on its standard output.
const [, , folder = '', name = '', courseJson = '{}'] = process.argv;
const course = JSON.parse(courseJson) as Course;

const now = (): number => nowIn(course);
const clock: Clock = { now, after: (milliseconds, run) => machine.after(milliseconds / course.faster, run) };

function report(word: string, what: string | number = ''): void {
  // All processes of a machine share this clock.
  writeSync(1, `${Number(process.hrtime.bigint() / 1_000n) / 1_000} ${word} ${what}\n`);
}

/** Returns the status of a run at a time of the accelerated clock. The progress grows until the run finishes. */
function answerAt(id: string, at: number): Answer {
  const isOver = at >= endOf(course, id);
  const completed = Math.floor((Math.min(at, endOf(course, id)) - course.origin) / 1_000);
  return { phase: { kind: isOver ? 'succeeded' : 'running' }, progress: { completed, total: 1e9 }, tasks: [], hasAllTasks: false };
}

/** Takes the status immediately and returns it later, so that a suspended window can get an outdated status. */
const source: StatusSource = {
  observe: async (_, id) => {
    report('polls', id);
    const answer = answerAt(id, now());
    const latency = Math.random() < 0.1 ? 6_000 : 400;
    await new Promise<void>((resolve) => clock.after(latency * Math.random(), resolve));
    return { kind: 'answered', answer, body: bytes(JSON.stringify(answer)) };
  },
};

function isReverted(before: Kickoff, { phase, progress: { completed = 0 } }: Kickoff): boolean {
  return completed < (before.progress.completed ?? 0) || (isSettled(before.phase) && phase.kind !== before.phase.kind);
}

async function main(): Promise<void> {
  // Waits for locks use the real time, because the disk isn't accelerated.
  const store = await opened(folder, { clock: { ...machine, now } });
  const update = store.update.bind(store);
  const { renewLease, takeLease } = store;
  store.update = (ref, change, ...compressed) =>
    update(
      ref,
      (stored, leaseEpoch) => {
        const made = change(stored, leaseEpoch);
        if (isReverted(stored, made.kickoff)) report('back', ref.id);
        return made;
      },
      ...compressed,
    );
  Object.assign(store, {
    renewLease: (...lease: Parameters<typeof renewLease>) => {
      report('beats');
      return renewLease(...lease);
    },
    takeLease: (...lease: Parameters<typeof takeLease>) =>
      takeLease(...lease).catch((error: unknown) => {
        report('unwritten', String(error));
        throw error;
      }),
  });
  const window = await Neighbor.open({ clock, store, source, network: new ScriptedNetwork(), random: Math.random }, name);
  window.leader.onDidChange(() => report(window.leader.term ? 'leads' : 'follows', window.leader.term?.epoch));
  // The window may have become the polling window while it opened.
  if (window.leader.term) report('leads', window.leader.term.epoch);
  report('ready');

  const orders: Record<string, () => unknown> = {
    focus: () => window.focus(true),
    blur: () => window.focus(false),
    // The process suspends itself between two transactions, so that it has no lock while it is suspended.
    suspend: () => process.kill(process.pid, 'SIGSTOP'),
    close: async () => {
      report('follows');
      await window.close();
      store.close();
      for (const thrown of [...window.thrown, ...window.unsaved]) report('failed', String(thrown));
      process.exit();
    },
  };
  createInterface({ input: process.stdin }).on('line', (order) => void orders[order]?.());
}

void main();
