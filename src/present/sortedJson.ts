import { inOrder } from '../core/jsonOrder';
import { indented } from '../core/jsonText';

/** A JSON text with its members in order, so that a comparison shows what differs and not how it was written; numbers stay as they are written. */
export function sortedJson(text: string): string {
  return indented(inOrder(text.trim()));
}
