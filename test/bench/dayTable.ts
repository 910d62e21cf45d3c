import { aHost, excess, inAll, mostWithin, type Ceiling } from '#test/support/ceiling';
import type { Day, Setting } from './daySimulation';
import { quantile } from './figures';

const spans = [1, 10, 60, 600] as const;
const inFlightAtMost = 16;
const inFlightAHostAtMost = 4;
/** The limit of a wait, in multiples of the fair wait. The limit is generous, because intervals change during a wait. */
const fairAtMost = 5;

/** The limits, in the format of the columns. */
export const mayBe = { aHost: limits(aHost), inAll: limits(inAll) } as const;

export type Row = ReturnType<typeof rowOf>;

export const heads = [
  ...['active runs', 'hosts', 'windows', 'requests', 'per run and hour', 'finished', 'noticed after p50/p90/p99'],
  ...['most in 1/10/60/600 s: one host', 'in all', 'in flight: one host, in all', 'waits p50/p99/longest'],
  ...['longest / interval', 'longest / fair share', 'leaders'],
];

/** Returns the figures and the broken promises of a day. */
export function rowOf(setting: Setting, day: Day) {
  const { runs, hosts, windows } = setting;
  const perRunAndHour = day.requests.length / day.openHours;
  const aHostInFlight = Math.max(...day.hosts.map(({ mostInFlight }) => mostInFlight));
  const each = spans.map((span) => Math.max(...day.hosts.map(({ requests }) => mostWithin(requests, span))));
  return {
    setting,
    perRunAndHour,
    cells: [
      ...[runs, hosts, windows, day.requests.length].map((one) => one.toLocaleString('en')),
      perRunAndHour.toFixed(1),
      day.late.length.toLocaleString('en'),
      quantiles(day.late, [0.5, 0.9, 0.99]),
      each.join('/'),
      spans.map((span) => mostWithin(day.requests, span)).join('/'),
      `${aHostInFlight}, ${day.mostInFlight}`,
      quantiles(day.waits, [0.5, 0.99, 1]),
      day.longestByInterval.toFixed(1),
      day.longestByShare.toFixed(2),
      String(day.epochs),
    ],
    faults: faultsOf(day, aHostInFlight).map((fault) => `${runs} runs, ${hosts} hosts, ${windows} windows: ${fault}`),
  };
}

function faultsOf(day: Day, aHostInFlight: number): readonly string[] {
  const isAbove = excess(day.requests, inAll) > 0 || day.hosts.some(({ requests }) => excess(requests, aHost) > 0);
  return [
    ...(isAbove ? ['more requests than the limit'] : []),
    ...(aHostInFlight > inFlightAHostAtMost || day.mostInFlight > inFlightAtMost ? ['too many in flight'] : []),
    ...(day.longestByShare > fairAtMost ? ['a run starved'] : []),
  ];
}

function limits({ burst, perSecond }: Ceiling): string {
  return spans.map((span) => burst + perSecond * span).join('/');
}

function quantiles(values: readonly number[], of: readonly number[]): string {
  return of.map((one) => time(quantile(values, one))).join(' / ');
}

function time(seconds: number): string {
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}
