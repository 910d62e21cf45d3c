import { outsideCode, type Part } from './markdownParts';
import { longestFormula } from './safeMarkdown';

/**
 * Converts LaTeX formulas to the notation of the preview: `\[ \]`, `\( \)`, and bare environments become `$$` and `$`.
 *
 * An unescaped dollar sign outside formulas becomes an HTML entity. Otherwise, two prices in a line would become a formula.
 */
export function withFormulas(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let text: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const block = blockAt(lines, index);
    if (!block) {
      text.push(outsideCode(lines[index] ?? '', inline));
      continue;
    }
    parts.push({ kind: 'text', lines: text }, { kind: 'math', lines: block.lines });
    text = [];
    index = block.last;
  }
  return [...parts, { kind: 'text', lines: text }];
}

interface Block {
  readonly lines: readonly string[];
  /** The index of the formula's last line. */
  readonly last: number;
}

/** Returns the block formula that starts at a line. Undefined if no such formula starts there. */
function blockAt(lines: readonly string[], first: number): Block | undefined {
  const [, indent = '', open = '', environment] = /^(\s*)(\$\$|\\\[|\\begin\{(\w+\*?)\})/.exec(lines[first] ?? '') ?? [];
  if (open === '') return undefined;
  const close = open === '$$' ? '$$' : environment === undefined ? '\\]' : `\\end{${environment}}`;
  for (let last = first; last < Math.min(lines.length, first + longestFormula); last++) {
    const line = lines[last] ?? '';
    const from = last === first ? indent.length + open.length : 0;
    if (!line.slice(from).trimEnd().endsWith(close)) {
      if (line.includes(close, from)) return undefined;
      continue;
    }
    const whole = lines
      .slice(first, last + 1)
      .join('\n')
      .trim();
    const formula = environment === undefined ? whole.slice(open.length, -close.length) : whole;
    if (!isFormula(formula)) return undefined;
    const inside = formula.split('\n').filter((one) => /\S/.test(one));
    return { lines: ['$$', ...inside.map((one) => one.trim()), '$$'].map((one) => indent + one), last };
  }
  return undefined;
}

function inline(text: string): string {
  if (!/[$\\]/.test(text)) return text;
  return text
    .replace(/\\\((.+?)\\\)/g, (whole, formula: string) => (isFormula(formula) || isSymbol(formula) ? `$${formula.trim()}$` : whole))
    .replace(/\\\[(.+?)\\\]/g, (whole, formula: string) => (isFormula(formula) ? displayed(formula) : whole))
    .replace(dollars, (whole, block?: string, formula?: string) => {
      if (whole === '\\$') return whole;
      if (block !== undefined && isFormula(block)) return displayed(block).replace(/</g, '\\lt ');
      if (formula !== undefined && (isFormula(formula) || isSymbol(formula))) return whole.replace(/</g, '\\lt ');
      return whole.replaceAll('$', '&#36;');
    });
}

const dollars = /\\\$|\$\$([^$]+)\$\$|(?<![\w$])\$(?=[^\s$])((?:\\.|[^$\\])*?[^\s\\])\$(?![\w$])|\$/g;

/** Returns an inline formula in display size. `$$` can't be used in a line, because it could start a block. */
function displayed(formula: string): string {
  return `$\\displaystyle ${formula.trim()}$`;
}

function isFormula(text: string): boolean {
  const hasSigns = /\\[a-zA-Z]{2,}|[\^_]\{?[\w\\]|[\w)}\]]\s*[=<>≤≥≈±]\s*[\w\\({[-]|\\\\/.test(text);
  return hasSigns && !(/^\s*\d/.test(text) && /[a-z]{3,} [a-z]{3,}/i.test(text.replace(/\\\w+/g, '')));
}

/** Whether the text is a name or a short term, such as `x`, `n-1`, or `f(x)`. */
function isSymbol(text: string): boolean {
  return /^\s*[a-zA-Z](?:['′]|_?\d)?\s*$|^\s*(?=.*[a-zA-Z])[\w+\-*/(), ]{2,12}\s*$/.test(text) && !/[a-zA-Z]{3,}/.test(text);
}
