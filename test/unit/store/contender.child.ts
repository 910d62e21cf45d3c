import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isSettled, type Answer, type Kickoff } from '#core/kickoff/kickoff';
import type { Clock } from '#core/lib/types';
import type { Source } from '#core/polling/ports';
import { ScriptedNetwork } from '#test/support/builders';
import { Neighbour } from '#test/support/neighbours';
import { endOf, nowIn, type Course } from './course';
import { bytes, clock as machine, opened } from './support';

/** One window in a process of its own, which says on its output what it does; by a clock that runs faster. */
const [, , folder = '', name = '', given = '{}'] = process.argv;
const course = JSON.parse(given) as Course;

const now = (): number => nowIn(course);
const clock: Clock = { now, after: (milliseconds, run) => machine.after(milliseconds / course.faster, run) };

function say(word: string, what: string | number = ''): void {
  // All processes of a machine share that clock.
  writeSync(1, `${Number(process.hrtime.bigint() / 1_000n) / 1_000} ${word} ${what}\n`);
}

/** What a server says of a run at that moment: it goes forward all the time, and comes to its end or not. */
function answerAt(id: string, at: number): Answer {
  const isOver = at >= endOf(course, id);
  const completed = Math.floor((Math.min(at, endOf(course, id)) - course.origin) / 1_000);
  return { phase: { kind: isOver ? 'succeeded' : 'running' }, progress: { completed, total: 1e9 }, tasks: [], hasAllTasks: false };
}

/** The answer is made at once and comes later: one who was stopped meanwhile has an old one. */
const source: Source = {
  observe: async (_, id) => {
    say('asks', id);
    const answer = answerAt(id, now());
    const latency = Math.random() < 0.1 ? 6_000 : 400;
    await new Promise<void>((resolve) => clock.after(latency * Math.random(), resolve));
    return { kind: 'answered', answer, body: bytes(JSON.stringify(answer)) };
  },
};

function isBack(before: Kickoff, { phase, progress: { completed = 0 } }: Kickoff): boolean {
  return completed < (before.progress.completed ?? 0) || (isSettled(before.phase) && phase.kind !== before.phase.kind);
}

async function main(): Promise<void> {
  // Whoever waits for a lock waits as long as in life: the disk is no faster.
  const store = await opened(folder, { clock: { ...machine, now } });
  const [update, keepLease, takeLease] = [store.update.bind(store), store.keepLease.bind(store), store.takeLease.bind(store)];
  store.update = (ref, change) =>
    update(ref, (stored) => {
      const made = change(stored);
      if (isBack(stored, made.kickoff)) say('back', ref.id);
      return made;
    });
  store.keepLease = (...lease) => {
    say('beats');
    return keepLease(...lease);
  };
  store.takeLease = (...lease) =>
    takeLease(...lease).catch((error: unknown) => {
      say('unwritten', String(error));
      throw error;
    });
  const window = await Neighbour.open({ clock, store, source, network: new ScriptedNetwork(), random: Math.random }, name);
  window.leader.onDidChange(() => say(window.leader.term ? 'leads' : 'follows', window.leader.term?.epoch));
  // It may have become the one that polls while it was opened.
  if (window.leader.term) say('leads', window.leader.term.epoch);
  say('ready');

  const orders: Record<string, () => unknown> = {
    focus: () => window.focus(true),
    blur: () => window.focus(false),
    // By itself it is stopped between two transactions, with no lock in its hand.
    stop: () => process.kill(process.pid, 'SIGSTOP'),
    close: async () => {
      say('follows');
      await window.close();
      store.close();
      for (const thrown of [...window.thrown, ...window.unsaved]) say('failed', String(thrown));
      process.exit();
    },
  };
  createInterface({ input: process.stdin }).on('line', (order) => void orders[order]?.());
}

void main();
