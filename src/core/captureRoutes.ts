import { routeOf, type Route } from './captureRoute';
import { isUuid } from './captureText';

export interface PlacedRoute extends Route {
  readonly at: number;
}

/** What an address can be made of; brackets, quotes and signs of templates end it. */
const address = /https?:\/\/(?:\[[\da-f:.]{2,45}\]|[\p{L}\p{N}.-]{1,253})[\w.~:/?#@!&+%=*-]*|[\w.~:/?#@!&+%=*-]+/giu;

/** Every address in a text that a deployment answers: `GET /status/<id>` is one. An id that is no UUID counts only when nothing else is in the text. */
export function routesIn(text: string): readonly PlacedRoute[] {
  const found: PlacedRoute[] = [];
  const { length } = text.trim();
  for (const { 0: word, index } of text.matchAll(address)) {
    let at = index;
    for (const part of word.split(/(?=https?:\/\/)/i)) {
      const route = routeOf(part);
      const isInNoise = length > word.length + 2;
      if (route) found.push({ ...route, at, ...(isInNoise && route.id && !isUuid(route.id) && { isDoubtful: true }) });
      at += part.length;
    }
  }
  return found;
}

/** The text without its addresses, so that an id in one is not taken for a bare one; every character keeps its place. */
export function withoutAddresses(text: string): string {
  return text.replace(address, (word) => (/https?:\/\/|\.crewai\.com/i.test(word) ? ' '.repeat(word.length) : word));
}
