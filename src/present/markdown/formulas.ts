/** The maximum length of a formula. KaTeX takes seconds for a longer formula. */
const maxFormulaLength = 2_000;
const maxEscapedDollars = 20;

/** Returns the formula that begins the first line and ends at the end of a line. `end` is the index of the line after the formula. */
export function blockFormula(lines: readonly string[]) {
  const [open = '', environment] = /^(?:\$\$|\\\[|\\begin\{(\w+\*?)\})/.exec(lines[0] ?? '') ?? [];
  if (open === '') return undefined;
  const close = open === '$$' ? '$$' : environment === undefined ? '\\]' : `\\end{${environment}}`;
  const end = lines.findIndex((line, index) => line.includes(close, index === 0 ? open.length : 0)) + 1;
  const formulaLines = lines.slice(0, end).map((line) => line.trim());
  const wholeFormula = formulaLines.filter((line) => line !== '').join('\n');
  const hasOtherOpening = open !== close && formulaLines.slice(1).some((line) => line.startsWith(open));
  if (hasOtherOpening || wholeFormula.length > maxFormulaLength || !wholeFormula.endsWith(close)) return undefined;
  const formula = environment === undefined ? wholeFormula.slice(open.length, -close.length).trim() : wholeFormula;
  return isFormula(formula) && isSafe(formula) ? { source: formula, end } : undefined;
}

/** Returns the formula that begins at a position. `end` is the position after the formula. */
export function inlineFormula(text: string, start: number) {
  const open = text.startsWith('$$', start) ? '$$' : text[start] === '$' ? '$' : text.slice(start, start + 2);
  const close = { $: '$', $$: '$$', '\\(': '\\)', '\\[': '\\]' }[open];
  if (close === undefined) return undefined;
  const contentStart = start + open.length;
  const rest = text.slice(contentStart, contentStart + maxFormulaLength);
  const contentLength = open.startsWith('$') ? closingDollarIndex(rest, open) : closingBracketIndex(rest, open, close);
  if (contentLength < 0) return undefined;
  const end = contentStart + contentLength + close.length;
  const formula = rest.slice(0, contentLength);
  const isDisplayMode = open === '$$' || open === '\\[';
  if (open === '$' && !canEncloseFormula(text, start, contentStart + contentLength)) return undefined;
  if (!isSafe(formula) || formula.includes('\n') || !(isFormula(formula) || (!isDisplayMode && isSymbol(formula)))) return undefined;
  return { source: (isDisplayMode ? '\\displaystyle ' : '') + formula.trim(), end };
}

/** Returns the position of the next `$` or `$$` that isn't escaped. Returns -1 if there is none, or after too many escaped signs. */
function closingDollarIndex(text: string, sign: string): number {
  let end = text.indexOf(sign);
  for (let count = 0; end > 0 && text[end - 1] === '\\'; count++) end = count < maxEscapedDollars ? text.indexOf(sign, end + 1) : -1;
  return end;
}

function closingBracketIndex(text: string, open: string, close: string): number {
  const index = text.search(open === '\\(' ? /\\[()]/ : /\\[[\]]/);
  return index >= 0 && text.startsWith(close, index) ? index : -1;
}

/** Whether two dollar signs can enclose a formula. In `$5 and $6`, they can't, because there is a blank before the second sign. */
function canEncloseFormula(text: string, start: number, end: number): boolean {
  return !/[\w$\\]/.test(text[start - 1] ?? ' ') && !/[\w$]/.test(text[end + 1] ?? ' ') && /^\S(?:.*\S)?$/.test(text.slice(start + 1, end));
}

/** Whether a formula has no macros, which can expand to any length, and no code or URLs, which previews without KaTeX would render. */
function isSafe(formula: string): boolean {
  return !/\\(?:[gex]?def|let|futurelet|(?:re)?newcommand|providecommand|global|href|url|html\w*|includegraphics)(?![a-z])|(?<!\\)%|[`$\0]|~~~|:::|\/\//i.test(
    formula.replaceAll('\\$', ''),
  );
}

function isFormula(text: string): boolean {
  const hasMathSigns = /\\[a-zA-Z]{2,}|[\^_]\{?[\w\\]|[\w)}\]]\s?[=<>≤≥≈±]\s?[\w\\({[-]|\\\\/.test(text);
  return hasMathSigns && !(/^\s*\d/.test(text) && /\b[a-z]{3,} [a-z]{3,}/i.test(text.replace(/\\\w+/g, '')));
}

function isSymbol(text: string): boolean {
  const term = text.trim();
  if (term.length > 12 || /[a-zA-Z]{3,}/.test(term)) return false;
  return /^[a-zA-Z](?:['′]|_?\d)?$/.test(term) || (term.length > 1 && /^[\w+\-*/(), ]+$/.test(term) && /[a-zA-Z]/.test(term));
}
