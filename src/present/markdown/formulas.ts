/** Limits of one formula. KaTeX takes seconds for longer ones. */
const maxLines = 60;
const maxCharacters = 2_000;
const maxEscaped = 20;

/** A formula with its end, which is the position in the text or the index of the line behind the formula. */
export interface Formula {
  readonly formula: string;
  readonly end: number;
}

export function blockFormula(lines: readonly string[], first: number): Formula | undefined {
  const [, indent = '', open = '', environment] = /^(\s*)(\$\$|\\\[|\\begin\{(\w+\*?)\})/.exec(lines[first] ?? '') ?? [];
  if (open === '') return undefined;
  const close = open === '$$' ? '$$' : environment === undefined ? '\\]' : `\\end{${environment}}`;
  let length = 0;
  for (let last = first; last < Math.min(lines.length, first + maxLines); last++) {
    const line = lines[last] ?? '';
    length += line.length;
    if (length > maxCharacters) return undefined;
    const from = last === first ? indent.length + open.length : 0;
    if (last > first && open !== close && line.trimStart().startsWith(open)) return undefined;
    if (!line.slice(from).trimEnd().endsWith(close)) {
      if (line.includes(close, from)) return undefined;
      continue;
    }
    const whole = lines
      .slice(first, last + 1)
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .join('\n');
    const formula = environment === undefined ? whole.slice(open.length, -close.length).trim() : whole;
    return isFormula(formula) && isSafe(formula) ? { formula, end: last + 1 } : undefined;
  }
  return undefined;
}

export function inlineFormula(text: string, start: number): (Formula & { readonly isDisplayed: boolean }) | undefined {
  const open = text.startsWith('$$', start) ? '$$' : text[start] === '$' ? '$' : text.slice(start, start + 2);
  const close = { $: '$', $$: '$$', '\\(': '\\)', '\\[': '\\]' }[open];
  if (close === undefined) return undefined;
  const from = start + open.length;
  const inside = text.slice(from, from + maxCharacters);
  const to = open.startsWith('$') ? closingDollar(inside, open) : closingBracket(inside, open, close);
  if (to < 0) return undefined;
  const end = from + to + close.length;
  const formula = inside.slice(0, to);
  const isDisplayed = open === '$$' || open === '\\[';
  if (open === '$' && !isDelimited(text, start, from + to)) return undefined;
  if (!isSafe(formula) || formula.includes('\n') || !(isFormula(formula) || (!isDisplayed && isSymbol(formula)))) return undefined;
  return { formula: formula.trim(), end, isDisplayed };
}

/** Returns the position of the next `$` or `$$` that isn't escaped. Returns -1 after many escaped ones. */
function closingDollar(text: string, sign: string): number {
  let at = text.indexOf(sign);
  for (let escaped = 0; at > 0 && text[at - 1] === '\\'; escaped++) at = escaped < maxEscaped ? text.indexOf(sign, at + 1) : -1;
  return at;
}

function closingBracket(text: string, open: string, close: string): number {
  const next = text.search(open === '\\(' ? /\\[()]/ : /\\[[\]]/);
  return next >= 0 && text.startsWith(close, next) ? next : -1;
}

/** Whether the text between two dollar signs can be a formula. In `$5 and $6`, the second sign has a blank in front of it. */
function isDelimited(text: string, open: number, close: number): boolean {
  return (
    !/[\w$\\]/.test(text[open - 1] ?? ' ') && !/[\w$]/.test(text[close + 1] ?? ' ') && /^\S(?:.*\S)?$/.test(text.slice(open + 1, close))
  );
}

/** Whether a formula contains no macros, which can have any length, and no code or URL, which a preview without formulas would render. */
function isSafe(formula: string): boolean {
  return !/\\(?:[gex]?def|let|futurelet|(?:re)?newcommand|providecommand|global|href|url|html\w*|includegraphics)(?![a-z])|(?<!\\)%|[`$\0]|~~~|:::|\/\//i.test(
    formula.replaceAll('\\$', ''),
  );
}

function isFormula(text: string): boolean {
  const hasSigns = /\\[a-zA-Z]{2,}|[\^_]\{?[\w\\]|[\w)}\]]\s?[=<>≤≥≈±]\s?[\w\\({[-]|\\\\/.test(text);
  return hasSigns && !(/^\s*\d/.test(text) && /\b[a-z]{3,} [a-z]{3,}/i.test(text.replace(/\\\w+/g, '')));
}

function isSymbol(text: string): boolean {
  const term = text.trim();
  if (term.length > 12 || /[a-zA-Z]{3,}/.test(term)) return false;
  return /^[a-zA-Z](?:['′]|_?\d)?$/.test(term) || (term.length > 1 && /^[\w+\-*/(), ]+$/.test(term) && /[a-zA-Z]/.test(term));
}
