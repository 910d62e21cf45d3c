import assert from 'node:assert/strict';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { parsePaste, type ParsedPaste } from '#core/paste/paste';
import { tokenFor } from '#core/paste/pastedTokens';
import pastes from '../../../texts/pastes.json';

interface Paste {
  readonly about: string;
  readonly text: string;
  /** The runs that the parser must find in the text. */
  readonly runs: readonly { readonly id: string; readonly url?: string }[];
  readonly hasToken?: boolean;
  /** The URLs of the runs that the token is offered for; undefined for all runs. */
  readonly offeredTo?: readonly (string | undefined)[];
  /** Whether the user must confirm the runs, because the text doesn't call them kickoff IDs. */
  readonly asks?: boolean;
}

const all: readonly Paste[] = pastes;

function kind({ runs, isCertain }: Pick<ParsedPaste, 'isCertain'> & { readonly runs: readonly unknown[] }): string {
  return runs.length === 0 ? 'none' : isCertain ? 'certain' : 'offered';
}

function expected({ runs, asks = false, hasToken = false, offeredTo }: Paste): object {
  return {
    kind: kind({ runs, isCertain: !asks }),
    runs,
    hasToken,
    offeredTo: offeredTo ?? (hasToken ? runs.map(({ url }) => url) : []),
  };
}

function found(parsed: ParsedPaste): object {
  const offeredTo = parsed.runs.flatMap(({ url }) =>
    url !== undefined && tokenFor(canonicalUrl(url)!, parsed.tokens) !== undefined ? url : [],
  );
  return {
    kind: kind(parsed),
    runs: parsed.runs.map(({ id, url }) => ({ id, ...(url !== undefined && { url }) })),
    hasToken: parsed.tokens.length > 0,
    offeredTo,
  };
}

describe('The sample texts in pastes.json', () => {
  const ways: readonly (readonly [string, (text: string) => string])[] = [
    ['from the clipboard', (text) => text],
    ['into an input box, without line breaks', (text) => text.replace(/\r\n|[\r\n]/g, ' ')],
    ['as a JSON string', (text) => JSON.stringify(text)],
  ];
  for (const [way, seen] of ways)
    it(`are parsed to exactly their listed runs and tokens, and need confirmation only where listed (pasted ${way})`, () => {
      for (const paste of all) assert.deepEqual(found(parsePaste(seen(paste.text))), expected(paste), paste.about);
    });
});

describe('A pasted text', () => {
  it('can contain more IDs than a function call can have arguments, if it is parsed without the length limit', () => {
    const ids = Array.from({ length: 200_000 }, (_, index) => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000001`);
    assert.equal(parsePaste(`kickoff_id\n${ids.join('\n')}`).runs.length, ids.length);
  });
});
