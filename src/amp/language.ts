import type { Language } from '../core/kickoff';
import { parsedJson } from './schema';

/** How an output is opened: by what the text looks like, since no server says. */
export function languageOf(text: string): Language {
  if (isJsonContainer(text)) return 'json';
  return /^(?:[#\-*>|]|\d\.|```|~~~)/m.test(text) ? 'markdown' : 'plain';
}

function isJsonContainer(text: string): boolean {
  return /^\s*[[{]/.test(text) && /[\]}]$/.test(text.slice(-1_000).trimEnd()) && parsedJson(text) !== undefined;
}
