import assert from 'node:assert/strict';
import { capturedAll, type Capture } from '../../../src/core/capture';
import { marksIn } from '../../../src/core/captureMarks';
import { tokenFor } from '../../../src/core/captureToken';
import { canonicalUrl } from '../../../src/core/deployment';
import pastes from '../../texts/pastes.json';

interface Paste {
  readonly about: string;
  readonly text: string;
  /** The runs that a reader finds; when `asks` is set, those that must be offered. */
  readonly runs: readonly { readonly id: string; readonly url?: string }[];
  readonly hasToken?: boolean;
  /** Where a token is offered, of the runs' addresses; without it, wherever there is one. */
  readonly offeredTo?: readonly (string | undefined)[];
  /** Nobody can tell without asking. */
  readonly asks?: boolean;
}

const all: readonly Paste[] = pastes;

function ids(runs: readonly { readonly id: string }[]): string {
  return runs.map(({ id }) => id).join(' ');
}

function isRight({ runs, asks = false, hasToken = false, offeredTo }: Paste, found: Capture): boolean {
  if (hasToken !== found.tokens.length > 0) return false;
  const isOffered = ({ url }: { readonly url?: string }) => url !== undefined && tokenFor(canonicalUrl(url)!, found.tokens) !== undefined;
  if (!found.runs.every((run) => isOffered(run) === (offeredTo ?? (hasToken ? found.runs.map(({ url }) => url) : [])).includes(run.url)))
    return false;
  if (asks) return !found.isCertain && ids(runs) === ids(found.runs);
  return found.isCertain === runs.length > 0 && JSON.stringify(found.runs) === JSON.stringify(runs);
}

/** Something would be tracked without a question that the text does not name. A missing address is asked for. */
function isWrongUnasked({ runs, asks = false }: Paste, found: Capture): boolean {
  if (!found.isCertain) return false;
  return asks || ids(runs) !== ids(found.runs) || found.runs.some(({ url }, index) => url !== undefined && url !== runs[index]?.url);
}

describe('The texts that people paste', () => {
  it('may list more ids than a call can have arguments', () => {
    const ids = Array.from({ length: 200_000 }, (_, index) => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000001`);
    assert.equal(marksIn(`kickoff_id\n${ids.join('\n')}`).length, ids.length);
  });

  it('are 200 and more, 50 of them without an id', () => {
    assert.ok(all.length >= 200);
    assert.equal(all.filter(({ runs }) => runs.length === 0).length, 50);
  });

  /** Ways that a text comes in, and the texts that are not understood there. */
  const ways: readonly (readonly [string, (text: string) => string, ...string[]])[] = [
    ['from the clipboard', (text) => text],
    ['in an input box, which makes blanks of line ends', (text) => text.replace(/\r\n|[\r\n]/g, ' ')],
    ['as a JSON string', (text) => JSON.stringify(text), 'e-mail wrapped as quoted-printable'],
  ];
  for (const [way, seen, ...known] of ways) {
    it(`are understood ${way}: all but ${known.length} right, none wrong without being asked`, () => {
      const results = all.map((paste) => ({ paste, found: capturedAll(seen(paste.text)) }));
      const missed = results.filter(({ paste, found }) => !isRight(paste, found));
      const wrong = results.filter(({ paste, found }) => isWrongUnasked(paste, found));
      const right = all.length - missed.length;
      console.log(
        `      ${right} of ${all.length} right (${((100 * right) / all.length).toFixed(1)} %), ${wrong.length} wrong without being asked`,
      );
      assert.deepEqual(
        wrong.map(({ paste }) => paste.about),
        [],
      );
      assert.deepEqual(
        missed.map(({ paste }) => paste.about),
        known,
      );
    });
  }
});
