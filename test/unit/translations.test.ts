import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandWords } from '#present/words/commandWords';
import { documentWords } from '#present/words/documentWords';
import { words } from '#present/words/words';
import { assertNone } from '#test/support/checks';
import bundle from '../../l10n/bundle.l10n.json';
import comments from '../../l10n/comments.json';
import manifest from '../../package.json';
import manifestTexts from '../../package.nls.json';
import { bundleOf, hashesOf, untranslated } from '../support/l10nBundle.mjs';

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

  it('explain each text that is short or contains the title of a command', () => {
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

/** The order of placeholders in translations that state the whole before its part, or the time before the place, by language and English text. */
const reordered: Readonly<Partial<Record<string, Partial<Texts>>>> = {
  ko: {
    [words.someWaiting]: '{1} {0}',
    [words.noticeFailedInAfter]: '{0} {1} {3} {2}',
    [words.noticeFailedInAfterBecause]: '{0} {1} {3} {2} {4}',
    [words.noticeStoppedInAfter]: '{0} {1} {3} {2}',
  },
  'zh-cn': { [words.someWaiting]: '{1} {0}' },
};

const languages = languagesIn('l10n', /^bundle\.l10n\.([\w-]+)\.json$/);

describe('The English bundle', () => {
  it('contains the current texts and comments (`npm run l10n` writes the bundle)', () => {
    assert.deepEqual(Object.entries(bundle), Object.entries(bundleOf(texts, commentOf)));
  });
});

describe('The list of missing translations', () => {
  it('contains each missing, surplus, or outdated text', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kickoffs-l10n-'));
    const write = (file: string, texts: Texts) => {
      writeFileSync(path.join(folder, file), JSON.stringify(texts));
    };
    mkdirSync(path.join(folder, 'l10n'));
    write('l10n/bundle.l10n.json', { Refresh: 'Refresh', 'Set Token': 'Set Token' });
    write('l10n/bundle.l10n.ko.json', { Refresh: '새로 고침', Reload: '다시 로드' });
    write('package.nls.json', { view: 'Runs', title: 'New title' });
    write('package.nls.ko.json', { view: '실행', title: '제목' });
    write('l10n/manifest.json', hashesOf({ view: 'Runs', title: 'Old title' }));
    assert.deepEqual(untranslated(folder), [
      'l10n/bundle.l10n.ko.json: missing: Set Token',
      'l10n/bundle.l10n.ko.json: surplus: Reload',
      'package.nls.*.json: to translate again: title',
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe('The translations', () => {
  it('are in the folder that package.json names', () => {
    assert.equal(manifest.l10n, './l10n');
    assert.ok(languages.length > 0);
  });

  it('include both files of each language', () => {
    assert.deepEqual(languagesIn('.', /^package\.nls\.([\w-]+)\.json$/), languages);
  });
});

for (const language of languages) {
  describe(`The translation into ${language}`, () => {
    const ofTables: Partial<Texts> = readTexts(`l10n/bundle.l10n.${language}.json`);
    const ofManifest: Partial<Texts> = readTexts(`package.nls.${language}.json`);
    /** Each translated English text beside its translation. A missing translation only fails `npm run package`. */
    const pairs = [
      ...Object.values(texts).flatMap((english) => (ofTables[english] === undefined ? [] : [[english, ofTables[english]] as const])),
      ...Object.entries(manifestTexts).flatMap(([key, english]) =>
        ofManifest[key] === undefined ? [] : [[english, ofManifest[key]] as const],
      ),
    ];

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
        .flatMap(([key, title]) => (ofManifest[key] === undefined ? [] : [[plain(title), plain(ofManifest[key])] as const]))
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
