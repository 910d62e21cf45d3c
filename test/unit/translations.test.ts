import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { commandWords } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import { words } from '#present/words/words';
import { assertNone } from '#test/support/checks';
import bundle from '../../l10n/bundle.l10n.json';
import comments from '../../l10n/comments.json';
import translatedManifestTexts from '../../l10n/manifest.json';
import manifest from '../../package.json';
import manifestTexts from '../../package.nls.json';
import { bundleOf } from '../support/l10nBundle.mjs';

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

  it('explain each text of one or two words, and each text that contains the title of a command', () => {
    const titles = /\b(?:Track Kickoff|Add Deployment|Set Token|Undo Remove|Refresh|Delete All Data)\b/;
    assertNone(Object.entries(texts), ([name, text]) => (text.split(' ').length <= 2 || titles.test(text)) && !(name in commentOf));
  });
});

type Texts = Readonly<Record<string, string>>;

/** Returns the languages of the files in the folder. The first group of `name` matches the language. */
function languagesIn(folder: string, name: RegExp): readonly string[] {
  return readdirSync(folder)
    .flatMap((file) => name.exec(file)?.[1] ?? [])
    .sort();
}

function readTexts(file: string): Texts {
  return JSON.parse(readFileSync(file, 'utf8')) as Texts;
}

/** The order of placeholders in translations that state the whole before its part, by language and English text. */
const reordered: Readonly<Partial<Record<string, Partial<Texts>>>> = {
  ko: { [words.someWaiting]: '{1} {0}' },
  'zh-cn': { [words.someWaiting]: '{1} {0}' },
};

const languages = languagesIn('l10n', /^bundle\.l10n\.([\w-]+)\.json$/);

describe('The English bundle', () => {
  it('contains the current texts and comments (`npm run l10n` writes the bundle)', () => {
    assert.deepEqual(Object.entries(bundle), Object.entries(bundleOf(texts, commentOf)));
  });
});

describe('The translations', () => {
  it('are in the folder that package.json names', () => {
    assert.equal(manifest.l10n, './l10n');
    assert.ok(languages.length > 0);
  });

  it('are made from the current texts of the manifest (`npm run l10n -- --translated` confirms the translations)', () => {
    assert.deepEqual(translatedManifestTexts, manifestTexts);
  });

  it('include both files of each language', () => {
    assert.deepEqual(languagesIn('.', /^package\.nls\.([\w-]+)\.json$/), languages);
  });
});

for (const language of languages) {
  describe(`The translation into ${language}`, () => {
    const ofTables = readTexts(`l10n/bundle.l10n.${language}.json`);
    const ofManifest = readTexts(`package.nls.${language}.json`);
    /** Each English text beside its translation. */
    const pairs = [
      ...Object.values(texts).map((english) => [english, ofTables[english] ?? ''] as const),
      ...Object.entries(manifestTexts).map(([key, english]) => [english, (ofManifest as Partial<Texts>)[key] ?? ''] as const),
    ];

    function assertUnchanged(parts: RegExp): void {
      const found = (text: string): readonly string[] => [...text.matchAll(parts)].map(([part]) => part).sort();
      for (const [english, translated] of pairs) assert.deepEqual(found(translated), found(english), translated);
    }

    it('translates exactly the texts of the English bundle and of the manifest', () => {
      assert.deepEqual([ofTables, ofManifest].map(Object.keys), [bundle, manifestTexts].map(Object.keys));
    });

    it('has no empty text, and no text with space around it', () => {
      for (const [english, translated] of pairs) assert.ok(translated !== '' && translated === translated.trim(), english);
    });

    it('keeps each placeholder', () => {
      assertUnchanged(/\{\d+\}/g);
    });

    it('keeps the order of placeholders, except where its grammar needs another order, so that no two values are swapped', () => {
      const order = (text: string): string => (text.match(/\{\d+\}/g) ?? []).join(' ');
      for (const [english, translated] of pairs)
        assert.equal(order(translated), reordered[language]?.[english] ?? order(english), `${english}: ${translated}`);
    });

    it('keeps links, settings, code, and line breaks', () => {
      assertUnchanged(/\]\([^)]+\)|`[^`]+`|\n|https?:[\w:/.-]+|CREWAI_\w+|max_rpm/g);
    });

    it('keeps AMP’s names of the Status tab and the Bearer Token in English', () => {
      const names = { Status: /\bStatus\b/, 'Bearer Token': /\bbearer token\b/i };
      for (const [name, pattern] of Object.entries(names))
        for (const [english, translated] of pairs) assert.ok(!pattern.test(english) || translated.includes(name), `${name}: ${translated}`);
    });

    it('has the translated title of a command wherever the English text contains the title', () => {
      const plain = (title: string): string => title.replace(/…$/, '');
      const titles = Object.entries(manifestTexts)
        .filter(([key]) => key.startsWith('command.'))
        .map(([key, title]) => [plain(title), plain((ofManifest as Partial<Texts>)[key] ?? '')] as const)
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
