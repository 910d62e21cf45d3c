import assert from 'node:assert/strict';
import path from 'node:path';
import { commandWords } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import { words } from '#present/words/words';
import { assertNone } from '#test/support/checks';
import comments from '../../l10n/comments.json';
import manifestTexts from '../../package.nls.json';
import { gapsOf, translations } from '../support/translations.mjs';

const texts: Readonly<Record<string, string>> = { ...words, ...commandWords, ...documentWords };
const commentOf: Readonly<Record<string, string>> = comments;

describe('The comments for translators', () => {
  it('are about texts that exist', () => {
    assertNone(Object.keys(commentOf), (name) => !(name in texts));
  });

  it('explain exactly the placeholders of each text', () => {
    const placeholders = (text = ''): ReadonlySet<string> => new Set(text.match(/\{\d\}/g));
    for (const [name, text] of Object.entries(texts)) assert.deepEqual(placeholders(commentOf[name]), placeholders(text), name);
  });

  it('explain each text that has at most two words or contains the title of an important command', () => {
    const titles = /\b(?:Track Kickoff|Add Deployment|Set Token|Undo Remove|Refresh|Delete All Data)\b/;
    assertNone(Object.entries(texts), ([name, text]) => (text.split(' ').length <= 2 || titles.test(text)) && !(name in commentOf));
  });
});

type Texts = Readonly<Record<string, string>>;

/** The order of placeholders in translations that state the whole before its part, or the time before the place, by language and English text. */
const reordered: Readonly<Partial<Record<string, Partial<Texts>>>> = {
  ko: {
    [words.someWaiting]: '{1} {0}',
    [words.noticeFailedInAfter]: '{0} {1} {3} {2}',
    [words.noticeFailedInAfterBecause]: '{0} {1} {3} {2} {4}',
    [words.noticeStoppedInAfter]: '{0} {1} {3} {2}',
  },
  'zh-cn': {
    [words.someWaiting]: '{1} {0}',
    [commandWords.enterInput]: '{1} {0}',
    [commandWords.enterInputAgain]: '{0} {2} {1}',
  },
};

describe('The comparison of a translation with the English texts', () => {
  it('lists missing and surplus texts', () => {
    const english = new Map([
      ['Refresh', ''],
      ['Set Token', 'The title of a command.'],
      ['Remove Run', ''],
    ]);
    assert.deepEqual(gapsOf(english, { Refresh: '새로 고침', Reload: '다시 로드' }), [
      'missing: Set Token (The title of a command.)',
      'missing: Remove Run',
      'surplus: Reload',
    ]);
  });
});

for (const [file, translation] of translations('.')) {
  const language = path.basename(file, '.json');
  describe(`The translation into ${language}`, () => {
    const ofLanguage: Partial<Texts> = translation;
    /** Each translated English text beside its translation. A missing translation only fails `npm run package`. */
    const pairs = [...Object.values(texts), ...Object.values(manifestTexts)].flatMap((english) =>
      ofLanguage[english] === undefined ? [] : [[english, ofLanguage[english]] as const],
    );

    function assertUnchanged(parts: RegExp): void {
      const found = (text: string): readonly string[] => [...text.matchAll(parts)].map(([part]) => part).sort();
      for (const [english, translated] of pairs) assert.deepEqual(found(translated), found(english), translated);
    }

    it('has no text that is empty or has space around it', () => {
      for (const [english, translated] of pairs) assert.ok(translated !== '' && translated === translated.trim(), english);
    });

    it('keeps each placeholder', () => {
      assertUnchanged(/\{\d+\}/g);
    });

    it('keeps the order of placeholders, except where its grammar needs another order', () => {
      const order = (text: string): string => (text.match(/\{\d+\}/g) ?? []).join(' ');
      for (const [english, translated] of pairs)
        assert.equal(order(translated), reordered[language]?.[english] ?? order(english), `${english}: ${translated}`);
    });

    it('keeps links, settings, code, and line breaks', () => {
      assertUnchanged(/\]\([^)]+\)|`[^`]+`|\n|https?:[\w:/.-]+|CREWAI_\w+|max_rpm/g);
    });

    it("keeps AMP's names of the Status tab and the Bearer Token in English", () => {
      const names = { Status: /\bStatus\b/, 'Bearer Token': /\bbearer token\b/i };
      for (const [name, pattern] of Object.entries(names))
        for (const [english, translated] of pairs) assert.ok(!pattern.test(english) || translated.includes(name), `${name}: ${translated}`);
    });

    it('has the translated title of a command wherever the English text contains the title', () => {
      const plain = (title: string): string => title.replace(/…$/, '');
      const titles = Object.entries(manifestTexts)
        .filter(([key]) => key.startsWith('command.'))
        .flatMap(([, title]) => (ofLanguage[title] === undefined ? [] : [[plain(title), plain(ofLanguage[title])] as const]))
        .sort(([one], [other]) => other.length - one.length);
      const isTitle = new Set(titles.map(([title]) => title));
      let quotes = 0;
      for (const [english, translated] of pairs) {
        let rest = plain(english);
        for (const [title, translatedTitle] of titles) {
          if (!new RegExp(`\\b${title.replaceAll('.', '\\.')}\\b`).test(rest)) continue;
          rest = rest.replaceAll(title, '');
          if (isTitle.has(plain(english))) assert.equal(plain(translated), translatedTitle, english);
          else assert.ok(translated.includes(translatedTitle), `${english}: ${translatedTitle}`);
          quotes++;
        }
      }
      assert.ok(quotes > titles.length);
    });
  });
}
