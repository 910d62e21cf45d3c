// Measures the event loop of its extension host, starting before other extensions are activated. On SIGUSR2, it writes the results.
import { renameSync, writeFileSync } from 'node:fs';
import { heapUsed, threadCpuMs } from './heap';
import { columns, type Watched, type WatchOrder } from './looks';

/** The maximum number of samples, more than a benchmark has milliseconds. */
const most = 1_000_000;
const { folder } = JSON.parse(process.env['KICKOFFS_DELAYS'] ?? '') as WatchOrder;
const to = (ending: string): string => `${folder}/${process.pid}.${ending}`;

export function activate(): void {
  const looks = new Float64Array(columns * most);
  let [count, last, computed] = [0, performance.now(), threadCpuMs()];
  const look = (): void => {
    const [now, cpu] = [performance.now(), threadCpuMs()];
    if (count < most) looks.set([performance.timeOrigin + now, now - last, cpu - computed], columns * count++);
    [last, computed] = [now, cpu];
  };
  const timer = setInterval(look, 1);
  process.once('SIGUSR2', () => {
    clearInterval(timer);
    writeFileSync(to('looks'), looks.subarray(0, columns * count));
    const watched: Watched = { heap: heapUsed(), resident: process.memoryUsage.rss() };
    writeFileSync(to('part'), JSON.stringify(watched));
    renameSync(to('part'), to('json'));
  });
}
