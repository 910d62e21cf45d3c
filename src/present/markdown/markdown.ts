import type { Token } from 'markdown-it';
import { jsonForReport, isJsonContainer, isOneLine } from '#core/lib/json';
import { codeFence, plainText } from './escapeMarkdown';
import { parseMarkdown } from './parseMarkdown';
import { repairMarkdown } from './repairMarkdown';
import { displayFormula, escapeInHtml, hasFormula, isWebOrMail, partnersOf, textOf, writeInline } from './writeInline';

/** Limits that all texts of a report share, because the preview needs much time and memory for formulas and colored code. */
export type Budget = ReturnType<typeof reportBudget>;

export function reportBudget() {
  return { formulas: 2_000, charactersOfFormulas: 20_000, charactersOfColor: 100_000 };
}

interface MarkdownOptions {
  readonly budget: Budget;
  /** The beginning of the IDs of headings, which is different for each text of a report. */
  readonly idPrefix: string;
}

/** The level of an output's highest heading. The report's title has level 1, and its sections have level 2. */
const highestHeading = 3;
/** The tags of blocks that contain other blocks, and of rules. Other tokens of blocks write their tags together with their content. */
const writtenTags = new Set(['ul', 'ol', 'li', 'blockquote', 'table', 'tr', 'hr']);
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Converts a server's Markdown to a safe form, as the author meant it. Returns plain text if lists or quotations are nested too deep. */
export function markdown(text: string, options: MarkdownOptions): string {
  const tokens = parseMarkdown(repairMarkdown(text));
  if (!tokens) return plainText(text);
  const isRightToLeft = isMostlyRightToLeft(text);
  const written = new MarkdownWriter(tokens, options, isRightToLeft).write();
  return `<div class="kickoffs-output${isRightToLeft ? ' kickoffs-rtl" dir="rtl' : ''}">\n\n${written}\n\n</div>`;
}

/** Whether most letters at the start of a text belong to a right-to-left script, such as Arabic or Hebrew. */
function isMostlyRightToLeft(text: string): boolean {
  const start = text.slice(0, 4_000);
  const right = start.match(new RegExp(rightToLeft, 'g'))?.length ?? 0;
  return right > 0 && right * 2 > (start.match(/\p{L}/gu)?.length ?? 0);
}

/** Writes HTML with few tags, and escapes every text. Only code and texts with formulas are Markdown, so that the preview draws them. */
class MarkdownWriter {
  readonly #parts: string[] = [];
  /** The HTML since the last Markdown part. Starts with the tag of a block, and never contains a blank line. */
  #html = '';
  #isItemEmpty = false;
  readonly #headings: ReadonlyMap<Token, string>;
  readonly #ids: ReadonlySet<string>;
  readonly #partners: ReadonlySet<Token>;
  #foldCount = 0;
  readonly #levelShift: number;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly options: MarkdownOptions,
    private readonly isRightToLeft: boolean,
  ) {
    takeBudget(tokens, options.budget);
    this.#headings = headingIds(tokens, options.idPrefix);
    this.#ids = new Set(this.#headings.values());
    this.#partners = partnersOf(tokens);
    const highestLevel = tokens.reduce((least, { type, tag }) => (type === 'heading_open' ? Math.min(least, Number(tag[1])) : least), 6);
    this.#levelShift = highestHeading - highestLevel;
  }

  write(): string {
    this.tokens.forEach((token, index) => this.#write(token, index));
    return [...this.#parts, this.#html.trimStart()].filter((part) => part !== '').join('\n\n');
  }

  /** Writes a token. The opening token of a paragraph, heading, or cell also writes its content. */
  #write(token: Token, index: number): void {
    const content = this.tokens[index + 1]?.children ?? [];
    if (token.type === 'paragraph_open') this.#paragraph(token, content);
    else if (token.type === 'heading_open') this.#heading(token, content);
    else if (token.type === 'cell_open') this.#element(token.tag, token.info === '' ? '' : ` align="${token.info}"`, content);
    else if (token.type === 'fence' || token.type === 'code_block') this.#code(token);
    else if (token.type === 'tag') this.#fold(token, content);
    else if (token.type === 'formula')
      this.#markdown(token.hidden ? codeFence(token.content, 'text') : `$$\n${displayFormula(token.content)}\n$$`);
    else {
      if (writtenTags.has(token.tag)) this.#tag(this.#tagOf(token, index));
      this.#isItemEmpty = token.type === 'list_item_open';
    }
  }

  #tagOf({ type, tag, nesting, info }: Token, index: number): string {
    if (tag === 'table')
      return nesting < 0 ? '</table>\n</div>' : `<div class="kickoffs-wide">\n<table${this.#blockDirectionAttribute(index)}>`;
    if (nesting < 0) return `</${tag}>`;
    if (tag === 'ul' || tag === 'ol') return `<${tag}${this.#blockDirectionAttribute(index)}>`;
    // Without `value`, HTML would number the items itself.
    return type === 'list_item_open' && info !== '' ? `<li value="${Number(info)}">` : `<${tag}>`;
  }

  #tag(html: string): void {
    this.#isItemEmpty = false;
    this.#html += `\n${html}`;
  }

  #markdown(text: string): void {
    if (this.#html !== '') this.#parts.push(this.#html.trimStart());
    this.#html = '';
    this.#isItemEmpty = false;
    // Four or more blanks would make a paragraph code.
    this.#parts.push(text.replace(/^[ \t]+/, ''));
  }

  /** Writes a paragraph. In a list without blank lines, the first text of an item has no tag of its own. */
  #paragraph({ hidden }: Token, content: readonly Token[]): void {
    const text = this.#inline(content);
    if (hasFormula(content)) this.#markdown(text);
    else if (hidden && this.#isItemEmpty) this.#html += text;
    else this.#tag(hidden ? `<div>${text}</div>` : `<p${this.#directionAttribute(content)}>${text}</p>`);
  }

  #heading(token: Token, content: readonly Token[]): void {
    const level = Math.min(Number(token.tag[1]) + this.#levelShift, 6);
    this.#element(`h${level}`, ` id="${this.#headings.get(token)}"`, content);
  }

  #element(tag: string, attribute: string, content: readonly Token[]): void {
    this.#tag(`<${tag}${attribute}${this.#directionAttribute(content)}>`);
    if (hasFormula(content)) {
      this.#markdown(this.#inline(content));
      this.#tag(`</${tag}>`);
    } else this.#html += `${this.#inline(content)}</${tag}>`;
  }

  /** Writes `<details>` and its summary, or `</details>`. The ID keeps the fold open after an update. No heading can have such an ID. */
  #fold(token: Token, summary: readonly Token[]): void {
    if (!this.#partners.has(token)) this.#tag(`<p>${escapeInHtml(token.content)}</p>`);
    else if (token.tag === '/details') this.#tag('</details>');
    else {
      this.#tag(`<details id="${this.options.idPrefix}:${++this.#foldCount}">`);
      if (summary.length > 0) this.#element('summary', '', summary);
    }
  }

  #code({ content, info }: Token): void {
    const code = content.replace(/\n$/, '');
    const text = /json/i.test(info) && isOneLine(code) && isJsonContainer(code) ? jsonForReport(code) : code;
    this.options.budget.charactersOfColor -= text.length;
    this.#markdown(codeFence(text, this.options.budget.charactersOfColor < 0 ? '' : (/^[\w+#.-]+/.exec(info.trim())?.[0] ?? '')));
  }

  #blockDirectionAttribute(index: number): string {
    const first = this.tokens.slice(index + 1, index + 8).find(({ type }) => type === 'inline');
    return this.#directionAttribute(first?.children ?? []);
  }

  /** Returns the attribute for text that runs in the other direction than the text around it. */
  #directionAttribute(content: readonly Token[]): string {
    const isRight = content.some((token) => rightToLeft.test(token.content));
    return isRight === this.isRightToLeft ? '' : ' dir="auto"';
  }

  #inline(content: readonly Token[]): string {
    return writeInline(content, (link) => this.#targetOf(link));
  }

  /** Returns the target of a link if it is a web or mail address, or a heading in the same text. */
  #targetOf(link: Token): string | undefined {
    const target = link.attrGet('href') ?? '';
    if (isWebOrMail(target)) return target;
    const id = target.startsWith('#') ? this.options.idPrefix + slug(decodeTarget(target.slice(1))) : undefined;
    return id !== undefined && this.#ids.has(id) ? `#${id}` : undefined;
  }
}

/** Takes the formulas' share of the budget. Hides formulas for which it doesn't suffice, so that their source is shown instead. */
function takeBudget(tokens: readonly Token[], budget: Budget): void {
  for (const token of tokens.flatMap((one) => [one, ...(one.children ?? [])]).filter(({ type }) => type === 'formula')) {
    token.hidden = budget.formulas < 1 || token.content.length > budget.charactersOfFormulas;
    if (token.hidden) continue;
    budget.formulas--;
    budget.charactersOfFormulas -= token.content.length;
  }
}

/** Returns a unique ID for each heading, as the target of links inside the text. */
function headingIds(tokens: readonly Token[], prefix: string): ReadonlyMap<Token, string> {
  const ids = new Map<Token, string>();
  /** The number of further headings with the same name, by the ID of each heading. */
  const counts = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const name = prefix + slug(textOf(tokens[index + 1]?.children ?? []));
    let count = counts.get(name) ?? 0;
    let id = name;
    while (counts.has(id)) id = `${name}-${++count}`;
    counts.set(name, count).set(id, 0);
    ids.set(token, id);
  });
  return ids;
}

/** Returns the name of a heading in links, as on GitHub: lowercase letters, digits, and hyphens. */
function slug(text: string): string {
  return text
    .slice(0, 200)
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function decodeTarget(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
