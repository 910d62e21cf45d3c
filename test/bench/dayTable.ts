import { aHost, excess, inAll } from '#test/support/ceiling';
import type { Day } from './daySimulation';

const inFlightAtMost = 16;
const inFlightAHostAtMost = 4;
/** The limit of a wait, in multiples of the fair wait. The limit is generous, because intervals change during a wait. */
const fairAtMost = 5;

/** Returns the broken promises of a day. */
export function faultsOf(day: Day): readonly string[] {
  const isAbove = excess(day.requests, inAll) > 0 || day.hosts.some(({ requests }) => excess(requests, aHost) > 0);
  const isTooBusy = day.mostInFlight > inFlightAtMost || day.hosts.some(({ mostInFlight }) => mostInFlight > inFlightAHostAtMost);
  return [
    ...(isAbove ? ['more requests than the limit'] : []),
    ...(isTooBusy ? ['too many in flight'] : []),
    ...(day.longestByShare > fairAtMost ? ['a run starved'] : []),
  ];
}
