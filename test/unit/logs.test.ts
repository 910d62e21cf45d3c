import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errorsIn } from '../support/host/logs.mjs';

describe('The search for errors in logs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kickoffs-logs-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function logged(file: string, ...entries: readonly string[]): void {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), entries.map((entry) => `2026-01-02 03:04:05.678 ${entry}\n`).join(''));
  }

  it("returns only this extension's errors, from its own log and the extension host's log", () => {
    const thrown = '[error] Error: oh\n\tat x (/extensions/kickoffs.crewai-kickoffs-0.1.0/dist/extension.js:1:2)';
    const own = '[error] track: Error: no\n\tat y';
    logged('logs/exthost1/kickoffs.crewai-kickoffs/CrewAI Kickoffs.log', '[info] well', own, '[warning] so so');
    logged(
      'logs/exthost1/remoteexthost.log',
      '[error] Error: of another\n\tat z (/extensions/other/extension.js)',
      thrown,
      '[info] activated kickoffs.crewai-kickoffs',
      `${thrown} crewaiKickoffs.track {"value":"kickoffs.crewai-kickoffs","_lower":"kickoffs.crewai-kickoffs"}`,
      '[error] Unable to refresh tree view crewaiKickoffs.kickoffs: Canceled',
    );
    assert.deepEqual([...errorsIn(folder, /crewai-?kickoffs/i)].sort(), [thrown, own].sort());
  });
});
