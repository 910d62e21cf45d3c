import assert from 'node:assert/strict';
import type { TroubleKind } from '#core/kickoff/trouble';
import { answered, unanswered } from '#test/support/builders';
import { minute, start } from '#test/support/manualClock';
import { shared, Window } from '#test/support/polling';
import { pollLogger, stackTraceOf } from '#vscode/log';

/** Polls for a minute, and returns the log lines, and the times of the polls as in the log. */
async function logged(kind: TroubleKind, code: string | undefined) {
  const script = [unanswered(kind, { detail: 'secret', ...(code !== undefined && { code }) }), answered('running')];
  const { clock, source, ...parts } = shared({ script });
  const { poller, tracker } = new Window({ clock, source, ...parts });
  const [warnings, debugs]: [string[], string[]] = [[], []];
  poller.onDidPoll(pollLogger({ warn: (line) => warnings.push(line), debug: (line) => debugs.push(line) }));
  await tracker.load();
  await clock.advance(minute);
  return { warnings, debugs, polls: source.times().map((at) => new Date(start + at).toISOString()) };
}

describe('The log line of a poll', () => {
  for (const [kind, code] of [
    ['serverTrouble', 'HTTP 500'],
    ['unreachable', 'ECONNREFUSED'],
  ] as const)
    it(`that failed with ${code} has the URL, the code, and the time of the next poll`, async () => {
      const { warnings, debugs, polls } = await logged(kind, code);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? '', new RegExp(`^GET https://[^ ]+/status/[^ ]+: ${code} \\(${kind}\\), next check ${polls[1]}$`));
      assert.match(debugs[0] ?? '', /^GET .*: running$/);
    });

  it('that a missing token prevents ends with “no next check”', async () => {
    const { warnings } = await logged('noToken', undefined);
    assert.match(warnings.join(), /: noToken, no next check$/);
  });
});

describe('The log', () => {
  it("contains the stack trace of an error together with the error's cause", () => {
    assert.match(stackTraceOf(new Error('outer', { cause: new Error('disk full') })), /outer[^]*disk full/);
    assert.equal(stackTraceOf('text'), 'text');
  });
});
