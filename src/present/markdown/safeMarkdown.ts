const joiner = '\u2060';
const languages = new Set(
  (
    'bash c cpp cs csharp css diff dockerfile go html ini java javascript js json jsonc jsx kotlin lua makefile markdown md perl php ' +
    'plaintext powershell py python r rb ruby rs rust scala sh shell sql swift text toml ts tsx typescript txt xml yaml yml zsh'
  ).split(' '),
);

/** The maximum number of lines of a formula. */
export const longestFormula = 60;

/**
 * Makes a server's Markdown safe inside a report. The result has no HTML tags, no images, and no links except web and mail links. The
 * result doesn't affect the text that follows.
 *
 * Code looks the same, but invisible joiners break the syntax of tags, images, unsafe links, and formulas. So the result is safe even if
 * the preview parses fences differently.
 */
export function sanitizeMarkdown(markdown: string): string {
  let fence: Fence | undefined;
  const lines = markdown.split(/\r\n|\r|\n/);
  const shown: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (fence) {
      const [, end = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
      if (end.startsWith(fence.mark)) {
        fence = undefined;
        shown.push(end);
      } else shown.push(code(line.slice(Math.min(fence.indent, line.search(/[^ ]|$/)))));
      continue;
    }
    const formula = formulaAt(lines, index);
    if (formula) {
      // The preview recognizes a formula reliably only if it follows a blank line and starts in the first column.
      shown.push('', '$$', ...formula.lines.map(mathematical), '$$');
      index = formula.last;
      continue;
    }
    fence = openedBy(line);
    const bare = withoutDiagrams(line);
    shown.push(fence ? fence.mark + fence.language : /^(?: {4}|\t)/.test(bare) ? code(bare) : prose(bare));
  }
  return (fence ? [...shown, fence.mark] : shown).join('\n');
}

/** Returns the formula between two `$$` and the index of its last line, or `undefined` if no formula starts here. */
function formulaAt(lines: readonly string[], open: number): { readonly lines: readonly string[]; readonly last: number } | undefined {
  const first = lines[open]?.trim() ?? '';
  const close = first === '$$' ? lines.slice(open + 1, open + longestFormula).findIndex((line) => line.trim() === '$$') : -1;
  const [, alone] = /^\$\$(.+)\$\$$/.exec(first) ?? [];
  const inside = (alone === undefined ? lines.slice(open + 1, open + 1 + close) : [alone]).map((line) => line.trim());
  const isFormula = inside.length > 0 && inside.every((line) => /^(?!~{3}|:::)(?!.*(?:\$\$|`)).+$/.test(line));
  return isFormula ? { lines: inside, last: open + (alone === undefined ? close + 1 : 0) } : undefined;
}

/**
 * Sanitizes a line of a formula. The preview parses the line as Markdown if the user turned formulas off. Uses no HTML entities, which
 * KaTeX doesn't support.
 */
function mathematical(line: string): string {
  return code(line.replace(/</g, '\\lt '));
}

/** Escapes server text for Markdown and HTML. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[&<>"'`*_[\]\\!|#~$]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** Returns a code block with a fence that is longer than any series of backticks in the text. So the text can't end the block. */
export function fenced(text: string, language: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${knownLanguage(language)}\n${text}\n${fence}`;
}

function prose(line: string): string {
  return line
    .split(/((?<!`)`+[^`]+`+)/)
    .map((part, index) => (index % 2 === 1 ? code(part) : escapeHtml(part)))
    .join('');
}

/**
 * Removes the language of fences in lists and quotations, and breaks `:::`. VS Code draws `:::` and some languages as diagrams, which may
 * fetch pictures.
 */
function withoutDiagrams(line: string): string {
  return line.replace(/^([\s>*+\d.)-]*(?:`{3,}(?=[^`]*$)|~{3,}))[^]*/, '$1').replace(/:::/g, `:${joiner}::`);
}

/** Returns the language if it only colors the code, else an empty text. Other languages may draw diagrams, which may fetch pictures. */
function knownLanguage(language: string): string {
  return languages.has(language.toLowerCase()) ? language : '';
}

interface Fence {
  readonly mark: string;
  readonly indent: number;
  /** The language, without `|`, because the preview parses tables before fences. */
  readonly language: string;
}

/** Returns the fence that a line opens. Fences move to the first column, so that no list or quotation can end a fence. */
function openedBy(line: string): Fence | undefined {
  const [, blanks = '', mark, language = ''] = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*([\w+#.-]*)/.exec(line) ?? [];
  return mark === undefined ? undefined : { mark, indent: blanks.length, language: knownLanguage(language) };
}

function escapeHtml(text: string): string {
  return unlinked(
    text
      .replace(/</g, '&lt;')
      .replace(/(?<!!)!+\[/g, '[')
      .replace(/\$(?=\$)/g, '&#36;'),
  );
}

function code(text: string): string {
  const parted = text.replace(/<(?=[a-z/!?])/gi, `<${joiner}`).replace(/!\[/g, `!${joiner}[`);
  return unlinked(parted.replace(/\$(?=\$)/g, `$${joiner}`));
}

/** Disables link definitions, and links to targets other than web and mail addresses. */
function unlinked(text: string): string {
  return text.replace(/\](?=:|\((?!\s*(?:https?:\/\/|mailto:)))/gi, `]${joiner}`);
}
