const joiner = '\u2060';
const languages = new Set(
  (
    'bash c cpp cs csharp css diff dockerfile go html ini java javascript js json jsonc jsx kotlin lua makefile markdown md perl php ' +
    'plaintext powershell py python r rb ruby rs rust scala sh shell sql swift text toml ts tsx typescript txt xml yaml yml zsh'
  ).split(' '),
);

/** More lines than that are no formula. */
const longestFormula = 60;

/**
 * Makes a server's Markdown safe inside a report: no HTML, no image that would be fetched, no link that leads into this machine, and
 * nothing that swallows what comes after it.
 *
 * Code looks the same, but `<`, `![`, `](`, and `$$` are parted by an invisible joiner. So safety doesn't depend on whether this
 * reading of fences and the preview's agree.
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
      // Apart from the text above it, and in the first column, it begins and ends wherever it is.
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

/** The lines of a formula between two `$$`, and where it ends; `undefined` when none begins there. */
function formulaAt(lines: readonly string[], open: number): { readonly lines: readonly string[]; readonly last: number } | undefined {
  const first = lines[open]?.trim() ?? '';
  const close = first === '$$' ? lines.slice(open + 1, open + longestFormula).findIndex((line) => line.trim() === '$$') : -1;
  const [, alone] = /^\$\$(.+)\$\$$/.exec(first) ?? [];
  const inside = (alone === undefined ? lines.slice(open + 1, open + 1 + close) : [alone]).map((line) => line.trim());
  const isFormula = inside.length > 0 && inside.every((line) => /^(?!~{3}|:::)(?!.*(?:\$\$|`)).+$/.test(line));
  return isFormula ? { lines: inside, last: open + (alone === undefined ? close + 1 : 0) } : undefined;
}

/** KaTeX knows no entities. Where formulas are switched off, what is in them is Markdown. */
function mathematical(line: string): string {
  return code(line.replace(/</g, '\\lt '));
}

/** Server text inside HTML of our own. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[&<>"'`*_[\]\\!|#~$]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** Text in a code block that cannot end it early. */
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

/** VS Code draws some blocks, and a drawing may fetch pictures: fences in lists and quotations lose their language, containers are none. */
function withoutDiagrams(line: string): string {
  return line.replace(/^([\s>*+\d.)-]*(?:`{3,}(?=[^`]*$)|~{3,}))[^]*/, '$1').replace(/:::/g, `:${joiner}::`);
}

/** Only languages that are known to be coloured and no more: some are drawn, and a drawing may fetch pictures. */
function knownLanguage(language: string): string {
  return languages.has(language.toLowerCase()) ? language : '';
}

interface Fence {
  readonly mark: string;
  readonly indent: number;
  /** Without a `|`: the preview looks for tables before it looks for fences. */
  readonly language: string;
}

/** Fences are moved to the first column, where no list or quotation can end them: what is open here is open there. */
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

/** No definition, and no link but into the web and to mail. */
function unlinked(text: string): string {
  return text.replace(/\](?=:|\((?!\s*(?:https?:\/\/|mailto:)))/gi, `]${joiner}`);
}
