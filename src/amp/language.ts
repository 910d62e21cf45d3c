import { isJsonContainer } from '../core/jsonText';
import type { Language } from '../core/kickoff';

/** How an output is opened: by what the text looks like, since no server says. */
export function languageOf(text: string): Language {
  if (isJsonContainer(text)) return 'json';
  return /^(?:[#\-*>|]|\d\.|```|~~~)/m.test(text) ? 'markdown' : 'plain';
}
