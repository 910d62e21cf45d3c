// `npm run simulate -- --port 4180 --speed 1` starts a simulated CrewAI AMP: a crew, a crew that responds as documented, and a flow.
// They use the port and the next two. Port 0 selects free ports.
import { parseArgs } from 'node:util';
import { listing, startDemo } from './demo';

const text = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: text('4180'), speed: text('1') } });
  const [port, speed] = [Number(values.port), Number(values.speed)];
  if (!Number.isInteger(port) || port < 0 || port > 65_530) throw new Error('--port must be a whole number from 0 to 65530.');
  if (!(speed > 0 && speed < Infinity)) throw new Error('--speed must be a number above 0.');

  const demo = await startDemo({ port, speed });
  console.log(listing(demo));
  console.log('\nEach run starts with its first status request. Press Ctrl+C to stop.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void demo.simulator.stop());
}

main().catch((error: unknown) => {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(isTaken ? `${error.message}. Choose another port with --port.` : error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
