// Simulates a day of 24 hours with the extension's own classes and simulated hosts: requests, delays, limits, and waits.
// Arguments: hours, seed, maximum number of runs, and hours for 1,000 runs and more. 24 such hours take half an hour.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { simulated, type Setting } from './daySimulation';
import { heads, mayBe, rowOf, type Row } from './dayTable';

/** The number of simulations that run in parallel. The longest simulations start first. */
const parallel = 2;
const many = 1_000;

if (isMainThread) void main();
else void simulated(workerData as Setting).then((day) => parentPort?.postMessage(rowOf(workerData as Setting, day)));

async function main(): Promise<void> {
  const [hours = 24, seed = 20_261_001, most = 5_000, hoursOfMany = Math.min(3, hours)] = process.argv.slice(2).map(Number);
  const sizes = [
    ...[1, 10, 200, 1_000, 5_000].map((runs) => ({ runs, hosts: 1 })),
    ...[1_000, 5_000].map((runs) => ({ runs, hosts: 3 })),
  ].filter(({ runs }) => runs <= most);
  const settings: readonly Setting[] = sizes.flatMap((size) =>
    [1, 10].map((windows) => ({ ...size, windows, hours: size.runs < many ? hours : hoursOfMany, seed, restless: 1 })),
  );
  const rows = await all(settings);
  console.log(
    `${hours} h, with 1,000 runs and more ${hoursOfMany} h, in windows that open and close, seed ${seed}; the limit is ${mayBe.aHost} for one host, ${mayBe.inAll} in all`,
  );
  print([heads, ...rows.map(({ cells }) => cells)]);
  console.log('\nRequests of 10 windows divided by the requests of 1 window, for each run and hour:');
  for (const [index, { runs, hosts }] of sizes.entries())
    console.log(
      `  ${runs} on ${hosts}: ${((rows[2 * index + 1]?.perRunAndHour ?? NaN) / (rows[2 * index]?.perRunAndHour ?? NaN)).toFixed(3)}`,
    );
  const faults = rows.flatMap((row) => row.faults);
  console.log(`\n${faults.length === 0 ? 'All promises are kept.' : `Broken promises:\n  ${faults.join('\n  ')}`}`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Simulates each setting in a separate thread. Returns the rows in the order of the settings. */
async function all(settings: readonly Setting[]): Promise<readonly Row[]> {
  const rows = new Map<Setting, Row>();
  const left = [...settings].sort((one, other) => other.runs * other.windows - one.runs * one.windows);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) rows.set(next, await inThread(next));
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return settings.flatMap((setting) => rows.get(setting) ?? []);
}

function inThread(setting: Setting): Promise<Row> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    new Worker(new URL(import.meta.url), { workerData: setting }).once('error', reject).once('message', (row: Row) => {
      // Prints each row immediately, so that an aborted benchmark shows the first results.
      console.error(`  after ${((performance.now() - began) / 1_000).toFixed(0)} s: ${row.cells.join('  ')}`);
      resolve(row);
    });
  });
}

function print(lines: readonly (readonly string[])[]): void {
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines) console.log(line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}
