import assert from 'node:assert/strict';
import { commandWords } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import { words } from '#present/words/words';
import comments from '../../l10n/comments.json';

const texts: Readonly<Record<string, string>> = { ...words, ...commandWords, ...documentWords };
const commentOf: Readonly<Record<string, string>> = comments;

describe('The comments for translators', () => {
  it('are about texts that exist', () => {
    assert.deepEqual(
      Object.keys(commentOf).filter((name) => !(name in texts)),
      [],
    );
  });

  it('explain each placeholder of each text', () => {
    for (const [name, text] of Object.entries(texts))
      for (const [placeholder] of text.matchAll(/\{\d\}/g)) assert.ok(commentOf[name]?.includes(placeholder), `${name}: ${placeholder}`);
  });

  it('mention no placeholder that the text doesn’t have', () => {
    for (const [name, comment] of Object.entries(commentOf))
      for (const [placeholder] of comment.matchAll(/\{\d\}/g)) assert.ok(texts[name]?.includes(placeholder), `${name}: ${placeholder}`);
  });

  it('explain each text of one or two words', () => {
    assert.deepEqual(
      Object.entries(texts)
        .filter(([name, text]) => text.split(' ').length <= 2 && !(name in commentOf))
        .map(([name]) => name),
      [],
    );
  });

  it('explain each text that contains the title of a command', () => {
    const titles = /\b(?:Track Kickoff|Add Deployment|Set Token|Undo Remove|Refresh|Delete All Data)\b/;
    assert.deepEqual(
      Object.entries(texts)
        .filter(([name, text]) => titles.test(text) && !(name in commentOf))
        .map(([name]) => name),
      [],
    );
  });
});
