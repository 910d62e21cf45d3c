// Reads a VSIX, finds secrets in its files, and sets file times and modes that make two builds identical.
import { inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** Patterns of texts that must not be in a package, by the name of the text. */
const secrets = {
  'a bearer token': /Bearer [A-Za-z0-9._~+/-]{20,}/,
  'a token of the tests': /tok-(?:demo|canned)/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'a token of GitHub': /\b(?:gh[oprsu]_|github_pat_)[A-Za-z0-9_]{20,}/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{30,}/,
  'a key of AWS': /\bAKIA[A-Z0-9]{16}\b/,
  'a key of a model provider': /\bsk-[A-Za-z0-9_-]{20,}/,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  'a JSON web token': /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}/,
  'a source map': /\bsourceMappingURL=/,
};

/**
 * Returns the files of a ZIP archive, by name.
 *
 * @returns {ReadonlyMap<string, Buffer>}
 */
export function filesIn(/** @type {Buffer} */ archive) {
  return new Map(entriesIn(archive).map(({ name, at }) => [name, contentAt(archive, at)]));
}

/** Gives each file of a ZIP archive the mode `rw-r--r--`. vsce writes the modes on disk, which depend on the umask. */
export function setModes(/** @type {Buffer} */ archive) {
  for (const { at } of entriesIn(archive)) archive.writeUInt32LE(0o100644 * 0x1_0000, at + 38);
}

/** Returns the entries in the central directory of a ZIP archive, with their offsets. */
function entriesIn(/** @type {Buffer} */ archive) {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw new Error('not a ZIP archive');
  const entries = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== directoryEntry) throw new Error('damaged ZIP archive');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    entries.push({ name: archive.toString('utf8', at + 46, at + 46 + nameLength), at });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function contentAt(/** @type {Buffer} */ archive, /** @type {number} */ entry) {
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
  return archive.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed);
}

/** Returns the secrets in these files, each as a sentence. The path `folder` of this machine counts as a secret. */
export function secretsIn(/** @type {ReadonlyMap<string, Buffer>} */ files, /** @type {string} */ folder) {
  return [...files].flatMap(([name, bytes]) => {
    const text = bytes.toString('latin1');
    const found = Object.entries(secrets).filter(([, pattern]) => pattern.test(text));
    const what = [...found.map(([kind]) => kind), ...(text.includes(folder) ? ['a path of this machine'] : [])];
    return what.map((kind) => `${name} contains ${kind}`);
  });
}

/** Returns the date of the newest version in the changelog, in seconds since the epoch. All files of the package have this time. */
export function buildTime(/** @type {string} */ changelog) {
  const [, date] = /^## .*?(\d{4}-\d{2}-\d{2})/m.exec(changelog) ?? [];
  if (date === undefined) throw new Error('The newest version in CHANGELOG.md has no date.');
  return Date.parse(`${date}T00:00:00Z`) / 1000;
}
