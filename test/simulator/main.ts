import { parseArgs } from 'node:util';
import { breakages, isBreakage, type Breakage } from './breakage';
import { listing, startDemo } from './demo';

const help = `Usage: npm run simulate -- [--port 4180] [--speed 1]

Starts a simulated CrewAI AMP on this machine: a crew, a crew that responds as documented, and a flow.

  --port   Port of the first deployment. The others use the next ones. Default: 4180. 0 selects any free port.
  --speed  Speed of the runs. Default: 1.
  --help   Prints this text.

KICKOFFS_BREAK=<what> makes it fail on purpose:
${Object.entries(breakages)
  .map(([name, does]) => `  ${name.padEnd(9)}${does}`)
  .join('\n')}
`;

interface Options {
  readonly port: number;
  readonly speed: number;
  readonly breaks?: Breakage;
}

function parseOptions(): Options | 'help' {
  const { values } = parseArgs({ options: { port: { type: 'string' }, speed: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) return 'help';

  const port = Number(values.port ?? 4180);
  if (!Number.isInteger(port) || port < 0 || port > 65_530) throw new Error('--port must be a whole number from 0 to 65530.');
  const speed = Number(values.speed ?? 1);
  if (!(speed > 0 && speed < Infinity)) throw new Error('--speed must be a number above 0.');

  const breaks = process.env['KICKOFFS_BREAK'] ?? '';
  if (breaks === '') return { port, speed };
  if (!isBreakage(breaks)) throw new Error(`KICKOFFS_BREAK must be one of ${Object.keys(breakages).join(', ')}.`);
  return { port, speed, breaks };
}

async function main(): Promise<void> {
  const options = parseOptions();
  if (options === 'help') {
    console.log(help);
    return;
  }

  const demo = await startDemo(options);
  console.log(listing(demo));
  if (options.breaks) console.log(`\nBroken on purpose: ${breakages[options.breaks]}.`);
  console.log('\nEach run starts with its first status request. Press Ctrl+C to stop.');

  const end = (): void => void demo.simulator.stop();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main().catch((error: unknown) => {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(isTaken ? `${error.message}. Choose another port with --port.` : error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
