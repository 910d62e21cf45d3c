const joiner = '\u2060';
const languages = new Set(
  (
    'bash c cpp cs csharp css diff dockerfile go html ini java javascript js json jsonc jsx kotlin lua makefile markdown md perl php ' +
    'plaintext powershell py python r rb ruby rs rust scala sh shell sql swift text toml ts tsx typescript txt xml yaml yml zsh'
  ).split(' '),
);

/**
 * Makes a server's Markdown safe inside a report of ours: no HTML, no image that would be fetched, no link that leads into this machine.
 *
 * Code keeps its look: there `<`, `![` and `](` are only parted by an invisible joiner. So nothing hangs on whether this reading of
 * fences and the preview's agree: in neither way of marking can a tag, an image or such a link be left.
 */
export function harmless(markdown: string): string {
  let fence: Fence | undefined;
  const lines = markdown.split(/\r\n|\r|\n/).map((line) => {
    if (!fence) {
      fence = openedBy(line);
      if (fence) return fence.mark + fence.language;
      const bare = undrawn(line);
      return /^(?: {4}|\t)/.test(bare) ? code(bare) : prose(bare);
    }
    const [, end] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line) ?? [];
    if (!end?.startsWith(fence.mark)) return code(line.slice(Math.min(fence.indent, line.search(/[^ ]|$/))));
    fence = undefined;
    return end;
  });
  return (fence ? [...lines, fence.mark] : lines).join('\n');
}

/** Server text inside HTML of our own. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`*_[\]\\!|#~$]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** Text in a code block that cannot end it early. */
export function fenced(text: string, language: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${known(language)}\n${text}\n${fence}`;
}

function prose(line: string): string {
  return line
    .split(/((?<!`)`+[^`]+`+)/)
    .map((part, index) => (index % 2 === 1 ? code(part) : inert(part)))
    .join('');
}

/** VS Code draws some blocks, and a drawing may fetch pictures: fences in lists and quotations lose their language, containers are none. */
function undrawn(line: string): string {
  return line.replace(/^([\s>*+\d.)-]*(?:`{3,}(?=[^`]*$)|~{3,}))[^]*/, '$1').replace(/:::/g, `:${joiner}::`);
}

/** Only languages that are known to be coloured and no more: some are drawn, and a drawing may fetch pictures. */
function known(language: string): string {
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
  return mark === undefined ? undefined : { mark, indent: blanks.length, language: known(language) };
}

function inert(text: string): string {
  return unlinked(text.replace(/</g, '&lt;').replace(/(?<!!)!+\[/g, '['));
}

function code(text: string): string {
  return unlinked(text.replace(/<(?=[a-z/!?])/gi, `<${joiner}`).replace(/!\[/g, `!${joiner}[`));
}

/** No definition, and no link but into the web and to mail. */
function unlinked(text: string): string {
  return text.replace(/\](?=:|\((?!\s*(?:https?:\/\/|mailto:)))/gi, `]${joiner}`);
}
