// A day of 24 hours by the product's own classes against simulated hosts: requests, time to notice, ceilings, waits. Arguments: hours, seed, the most runs,
// and the hours for 1,000 runs and more, of which each request takes the machine milliseconds: 24 is the whole day, in half an hour.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { simulated, type Setting } from './daySimulation';
import { heads, mayBe, rowOf, type Row } from './dayTable';

/** A long one is begun first. */
const atOnce = 2;
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
    `${hours} h, with 1,000 runs and more ${hoursOfMany} h, in windows that come and go, seed ${seed}; the ceiling is ${mayBe.aHost} a host, ${mayBe.inAll} in all`,
  );
  print([heads, ...rows.map(({ cells }) => cells)]);
  console.log('\nRequests of 10 windows by those of 1, for each run and hour:');
  for (const [index, { runs, hosts }] of sizes.entries())
    console.log(
      `  ${runs} on ${hosts}: ${((rows[2 * index + 1]?.perRunAndHour ?? NaN) / (rows[2 * index]?.perRunAndHour ?? NaN)).toFixed(3)}`,
    );
  const faults = rows.flatMap((row) => row.faults);
  console.log(`\n${faults.length === 0 ? 'All as promised.' : `Not as promised:\n  ${faults.join('\n  ')}`}`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Each in a thread of its own; in the order of the settings. */
async function all(settings: readonly Setting[]): Promise<readonly Row[]> {
  const rows = new Map<Setting, Row>();
  const left = [...settings].sort((one, other) => other.runs * other.windows - one.runs * one.windows);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) rows.set(next, await inThread(next));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return settings.flatMap((setting) => rows.get(setting) ?? []);
}

function inThread(setting: Setting): Promise<Row> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    new Worker(new URL(import.meta.url), { workerData: setting }).once('error', reject).once('message', (row: Row) => {
      // Half an hour that is broken off still leaves what came of it.
      console.error(`  after ${((performance.now() - began) / 1_000).toFixed(0)} s: ${row.cells.join('  ')}`);
      resolve(row);
    });
  });
}

function print(lines: readonly (readonly string[])[]): void {
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines) console.log(line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}
