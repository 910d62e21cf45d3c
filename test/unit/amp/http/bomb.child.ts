import { readFileSync } from 'node:fs';
import { AmpClient } from '#amp/http/client';
import { observing, patient } from './asking';

/** Asks one server in a process of its own, whose memory is ours alone, and says what that took. */
async function asked(url: string): Promise<void> {
  // What every first request loads is no part of an answer.
  await observing({ url: `${url}/small`, client: new AmpClient('0.0.0', patient) });
  const before = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const seen = await observing({ url, client: new AmpClient('0.0.0', { headersMs: 60_000, idleMs: 60_000, totalMs: 60_000 }) });
  const { user, system } = process.cpuUsage(cpu);
  const figures = {
    kind: seen.kind === 'unanswered' ? seen.trouble.kind : seen.kind,
    memory: mostMemory() - before,
    computedMs: (user + system) / 1_000,
    tookMs: performance.now() - started,
  };
  process.stdout.write(JSON.stringify(figures));
}

/** The most memory that this process has had, in bytes. On Linux `maxRSS` includes what its parent had when it started this process. */
function mostMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1_024;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1_024;
}

void asked(process.argv[2] ?? '');
