import { withoutColors, decodeEntities } from '#core/output/content';
import { uuidSource } from './bareIds';

/** Matches escapes of JSON, HTML, and URLs, and zero-width characters. */
const escapePattern =
  /\\+(?:u00[0-9a-fA-F]{2}|["'/nrt])?|&(?:quot|apos|amp|lt|gt|#\d{2});|%(?:25){0,3}(?:2[0-9A-Fa-f]|3[A-Fa-f]|5[BDbd]|7[BDbd])|[\u200b-\u200d\u2060\ufeff]/g;

/** Matches a soft line break in a quoted-printable email, inside a UUID. */
const softBreakPattern = /=(?<=[0-9a-f]{8}-[0-9a-f-]{0,27}=)(?:\r?\n|\n\n| )(?=[0-9a-f-])/g;
const encodedEqualsPattern = new RegExp(`=3D(?=["']|${uuidSource})`, 'g');

/** Matches the text between host and path in a log line of urllib3: `https://amp.example.com:443 "GET /status/…`. */
const splitUrlPattern = / "(?:GET|POST) (?=\/)(?<=https?:\/\/[\w.:-]{1,253} "\w+ )/g;

/** Decodes escapes in IDs, URLs, and labels. Other text changes, too, so inputs are read from the original text. */
export function unescapeText(text: string): string {
  const plain = withoutColors(text.replace(escapePattern, unescapeOne));
  return plain.replace(softBreakPattern, '').replace(encodedEqualsPattern, '=').replace(splitUrlPattern, '');
}

function unescapeOne(escape: string): string {
  const hex = /(?:u00|%(?:25)*)([0-9a-fA-F]{2})/.exec(escape)?.[1];
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (escape.startsWith('&#')) return String.fromCharCode(Number(escape.slice(2, -1)));
  if (escape.startsWith('&')) return decodeEntities(escape);
  if (!escape.startsWith('\\')) return '';
  if (escape.endsWith('\\')) return escape;
  return /[nrt]/.test(escape) ? '\n' : escape.slice(-1);
}
