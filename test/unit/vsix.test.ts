import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { buildTime, filesIn, secretsIn, setModes } from '../support/vsix.mjs';

const folder = '/home/somebody/kickoffs';

/** Returns a ZIP archive. Every second file is compressed. Checksums and times stay zero, because nothing reads them. */
function zip(contents: Readonly<Record<string, string>>, mode = 0): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [index, [name, content]] of Object.entries(contents).entries()) {
    const isPacked = index % 2 === 1;
    const packed = isPacked ? deflateRawSync(content) : Buffer.from(content);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(isPacked ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(mode * 0x1_0000, 38);
    entry.writeUInt32LE(Buffer.concat(local).length, 42);
    local.push(head, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(contents).length, 10);
  end.writeUInt32LE(Buffer.concat(local).length, 16);
  return Buffer.concat([...local, ...directory, end]);
}

function found(contents: Readonly<Record<string, string>>): readonly string[] {
  return secretsIn(filesIn(zip(contents)), folder);
}

describe('The build of the package', () => {
  it('reads plain and compressed files of a ZIP archive', () => {
    const contents = { 'extension.vsixmanifest': '<xml/>', 'extension/dist/a.js': 'let a;', 'extension/médias.txt': 'ü' };
    const files = filesIn(zip(contents));
    const read = Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.toString()]));
    assert.deepEqual(read, contents);
  });

  it("rejects a file that isn't a ZIP archive", () => assert.throws(() => filesIn(Buffer.from('no archive')), /not a ZIP archive/));

  for (const [kind, text] of Object.entries({
    'a bearer token': `Authorization: Bearer ${'a1B2'.repeat(6)}`,
    'a token of the tests': ['tok', 'demo', '4f2a'].join('-'),
    'a private key': ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' '),
    'a token of GitHub': `ghp_${'a1B2'.repeat(9)}`,
    'a token of npm': `npm_${'a1B2'.repeat(9)}`,
    'a key of AWS': `AKIA${'A1B2'.repeat(4)}`,
    'a key of a model provider': `sk-${'a1B2'.repeat(6)}`,
    'a token of Slack': `xoxb-${'1234'.repeat(3)}`,
    'a JSON web token': `eyJ${'a1B2'.repeat(3)}.eyJ${'a1B2'.repeat(3)}`,
    'a source map': '//# sourceMappingURL=extension.js.map',
    'a path of this machine': `at ${folder}/src/extension.ts`,
  }))
    it(`finds ${kind} in any file`, () => {
      assert.deepEqual(found({ 'readme.md': 'Text', 'media/icon.svg': `<!-- ${text} -->` }), [`media/icon.svg contains ${kind}`]);
      assert.deepEqual(found({ 'package.json': `{"a":"${text}"}` }), [`package.json contains ${kind}`]);
    });

  it('finds no secret in the README, the changelog, or the manifest', () => {
    const files = new Map(['README.md', 'CHANGELOG.md', 'package.json', 'package.nls.json'].map((name) => [name, readFileSync(name)]));
    assert.deepEqual(secretsIn(files, folder), []);
  });

  it('gives all files the same mode, for any umask of the clone', () => {
    const contents = { 'package.json': '{}', 'media/icon.svg': '<svg/>' };
    const [strict, usual] = [zip(contents, 0o100600), zip(contents, 0o100644)];
    setModes(strict);
    assert.deepEqual(strict, usual);
  });

  it("takes the files' timestamp from the date of the newest version in the changelog", () => {
    assert.equal(buildTime('# Changelog\n\n## 0.2.0 - 2027-01-02\n\n## 0.1.0 - 2026-11-27\n'), Date.UTC(2027, 0, 2) / 1000);
    assert.ok(buildTime(readFileSync('CHANGELOG.md', 'utf8')) > 0);
  });

  it('fails if the changelog has no version with a date', () => {
    assert.throws(() => buildTime('# Changelog\n\n## Unreleased\n'), /has no date/);
  });
});
