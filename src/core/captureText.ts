/** A UUID that no letter or digit follows; what stands before is looked at where it is used. */
export const uuidPattern = '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])';

const wholeUuid = new RegExp(`^${uuidPattern}$`);

export function isUuid(text: string): boolean {
  return wholeUuid.test(text);
}

/** A UUID that was cut: what is left of it is no id. */
export function isCutUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f-]{0,26}$/i.test(text);
}

/** Words that stand where an id belongs, in code, schemas and manuals. */
export function isStandIn(id: string): boolean {
  return /^(?:string|str|null|none|nil|undefined|true|false|unknown|id|uuid|x+)$|your|kick-?off[\s_-]?id|placeholder/i.test(id);
}

/** Escapes of JSON, HTML and URLs, colours of a terminal, blanks without width, soft line ends of e-mail. */
const disguises =
  /\\+(?:u00[0-9a-fA-F]{2}|["'/nrt])?|&(?:quot|apos|amp|lt|gt|#\d{2});|%(?:25){0,3}(?:2[0-9A-Fa-f]|3[A-Fa-f]|5[BDbd]|7[BDbd])|\u001b\[[\d;]*m|[\u200b-\u200d\u2060\ufeff]|=(?<=[0-9a-f]{8}-[0-9a-f-]{0,27}=)(?:\r?\n| )(?=[0-9a-f-])/g;

const named: Readonly<Record<string, string>> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };
const lineEnds = /[nrt]$/;

const colours = /\u001b\[[\d;]*m/g;

/** As urllib3 logs it: `https://amp.example.com:443 "GET /status/…`. */
const apart = / "(?:GET|POST) (?=\/)(?<=https?:\/\/[\w.:-]{1,253} "\w+ )/g;

/** The text with what hides ids, addresses and marks taken off; made to be searched, not to be shown. */
export function undisguised(text: string): string {
  return text.replace(disguises, plain).replace(colours, '').replace(apart, '');
}

function plain(disguise: string): string {
  const hex = /(?:u00|%(?:25)*)([0-9a-fA-F]{2})$/.exec(disguise)?.[1];
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (disguise.startsWith('&')) return named[disguise.slice(1, -1)] ?? String.fromCharCode(Number(disguise.slice(2, -1)));
  if (!disguise.startsWith('\\')) return '';
  if (disguise.endsWith('\\')) return disguise;
  return lineEnds.test(disguise) ? '\n' : disguise.slice(-1);
}
