import { readFileSync } from 'node:fs';
import { AmpClient } from '#amp/http/client';
import { pollOnce, patient } from './testPoll';

/** Polls one server in a separate process, so that the memory can be measured, and prints the figures. */
async function measurePoll(url: string): Promise<void> {
  // Warms up: modules that the first request loads don't count.
  await pollOnce({ url: `${url}/small`, client: new AmpClient('0.0.0', patient) });
  const before = process.memoryUsage.rss();
  const cpu = process.cpuUsage();
  const seen = await pollOnce({
    url,
    client: new AmpClient('0.0.0', { headersMs: 60_000, postHeadersMs: 60_000, idleMs: 60_000, totalMs: 60_000 }),
  });
  const { user, system } = process.cpuUsage(cpu);
  const figures = {
    kind: seen.kind === 'unanswered' ? seen.trouble.kind : seen.kind,
    memory: mostMemory() - before,
    computedMs: (user + system) / 1_000,
  };
  process.stdout.write(JSON.stringify(figures));
}

/** Returns the peak memory of this process, in bytes. On Linux, `maxRSS` includes memory of the parent process. */
function mostMemory(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1_024;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kibibytes) * 1_024;
}

void measurePoll(process.argv[2] ?? '');
