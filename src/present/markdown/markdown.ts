import type { Token } from 'markdown-it';
import { jsonForReport, isJsonContainer, isOneLine } from '#core/lib/json';
import { codeFence, plainTextHtml } from './escapeMarkdown';
import { parseMarkdown } from './parseMarkdown';
import { repairMarkdown } from './repairMarkdown';
import { displayFormula, escapeInHtml, hasFormula, isWebOrMailUrl, pairedTagsOf, textOf, writeInline } from './writeInline';

/** Limits that all texts of a report share, because the preview needs much time and memory for formulas and colored code. */
export type Budget = ReturnType<typeof createBudget>;

export function createBudget() {
  return { formulaCount: 2_000, formulaCharacters: 20_000, coloredCharacters: 100_000 };
}

interface MarkdownOptions {
  readonly budget: Budget;
  /** The beginning of the IDs of headings, which is different for each text of a report. */
  readonly idPrefix: string;
}

/** The level of an output's highest heading. The report's title has level 1, and its sections have level 2. */
const highestHeadingLevel = 3;
/** The tags of blocks that contain other blocks, and of horizontal rules. Other blocks' tags are written with their content. */
const containerTags = new Set(['ul', 'ol', 'li', 'blockquote', 'table', 'tr', 'hr']);
const rightToLeftPattern = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Converts a server's Markdown to a safe form, as the author meant it. Returns plain text if lists or quotations are nested too deep. */
export function safeMarkdown(text: string, options: MarkdownOptions): string {
  const tokens = parseMarkdown(repairMarkdown(text));
  if (!tokens) return plainTextHtml(text);
  const isRightToLeft = isMostlyRightToLeft(text);
  const content = new MarkdownWriter(tokens, options, isRightToLeft).write();
  return `<div class="kickoffs-output${isRightToLeft ? ' kickoffs-rtl" dir="rtl' : ''}">\n\n${content}\n\n</div>`;
}

/** Whether most letters at the start of a text belong to a right-to-left script, such as Arabic or Hebrew. */
function isMostlyRightToLeft(text: string): boolean {
  const start = text.slice(0, 4_000);
  const rightToLeftCount = start.match(new RegExp(rightToLeftPattern, 'g'))?.length ?? 0;
  return rightToLeftCount > 0 && rightToLeftCount * 2 > (start.match(/\p{L}/gu)?.length ?? 0);
}

/** Writes HTML with few tags, and escapes every text. Only code and texts with formulas are Markdown, so that the preview draws them. */
class MarkdownWriter {
  readonly #parts: string[] = [];
  /** The HTML since the last Markdown part. Starts with the tag of a block, and never contains a blank line. */
  #html = '';
  #isItemEmpty = false;
  readonly #idsByHeading: ReadonlyMap<Token, string>;
  readonly #headingIds: ReadonlySet<string>;
  readonly #pairedTags: ReadonlySet<Token>;
  #foldCount = 0;
  readonly #headingLevelShift: number;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly options: MarkdownOptions,
    private readonly isRightToLeft: boolean,
  ) {
    takeBudget(tokens, options.budget);
    this.#idsByHeading = headingIds(tokens, options.idPrefix);
    this.#headingIds = new Set(this.#idsByHeading.values());
    this.#pairedTags = pairedTagsOf(tokens);
    const highestLevel = tokens.reduce((min, { type, tag }) => (type === 'heading_open' ? Math.min(min, Number(tag[1])) : min), 6);
    this.#headingLevelShift = highestHeadingLevel - highestLevel;
  }

  write(): string {
    this.tokens.forEach((token, index) => this.#write(token, index));
    return [...this.#parts, this.#html.trimStart()].filter((part) => part !== '').join('\n\n');
  }

  /** Writes a token. Writes the content of a paragraph, heading, cell, or summary together with the opening token. */
  #write(token: Token, index: number): void {
    const content = this.tokens[index + 1]?.children ?? [];
    if (token.type === 'paragraph_open') this.#writeParagraph(token, content);
    else if (token.type === 'heading_open') this.#writeHeading(token, content);
    else if (token.type === 'cell_open') this.#writeElement(token.tag, token.info === '' ? '' : ` align="${token.info}"`, content);
    else if (token.type === 'fence' || token.type === 'code_block') this.#writeCode(token);
    else if (token.type === 'tag') this.#writeFold(token, content);
    else if (token.type === 'formula')
      this.#writeMarkdown(token.hidden ? codeFence(token.content, 'text') : `$$\n${displayFormula(token.content)}\n$$`);
    else {
      if (containerTags.has(token.tag)) this.#writeTag(this.#tagOf(token, index));
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

  #writeTag(html: string): void {
    this.#isItemEmpty = false;
    this.#html += `\n${html}`;
  }

  #writeMarkdown(text: string): void {
    if (this.#html !== '') this.#parts.push(this.#html.trimStart());
    this.#html = '';
    this.#isItemEmpty = false;
    // Four or more blanks would make a paragraph code.
    this.#parts.push(text.replace(/^[ \t]+/, ''));
  }

  /** Writes a paragraph. In a list without blank lines, the first text of an item has no tag of its own. */
  #writeParagraph({ hidden }: Token, content: readonly Token[]): void {
    const text = this.#inlineText(content);
    if (hasFormula(content)) this.#writeMarkdown(text);
    else if (hidden && this.#isItemEmpty) this.#html += text;
    else this.#writeTag(hidden ? `<div>${text}</div>` : `<p${this.#directionAttribute(content)}>${text}</p>`);
  }

  #writeHeading(token: Token, content: readonly Token[]): void {
    const level = Math.min(Number(token.tag[1]) + this.#headingLevelShift, 6);
    this.#writeElement(`h${level}`, ` id="${this.#idsByHeading.get(token)}"`, content);
  }

  #writeElement(tag: string, attribute: string, content: readonly Token[]): void {
    this.#writeTag(`<${tag}${attribute}${this.#directionAttribute(content)}>`);
    if (hasFormula(content)) {
      this.#writeMarkdown(this.#inlineText(content));
      this.#writeTag(`</${tag}>`);
    } else this.#html += `${this.#inlineText(content)}</${tag}>`;
  }

  /** Writes `<details>` and its summary, or `</details>`. The ID keeps the fold open after an update. No heading can have such an ID. */
  #writeFold(token: Token, summary: readonly Token[]): void {
    if (!this.#pairedTags.has(token)) this.#writeTag(`<p>${escapeInHtml(token.content)}</p>`);
    else if (token.tag === '/details') this.#writeTag('</details>');
    else {
      this.#writeTag(`<details id="${this.options.idPrefix}:${++this.#foldCount}">`);
      if (summary.length > 0) this.#writeElement('summary', '', summary);
    }
  }

  #writeCode({ content, info }: Token): void {
    const code = content.replace(/\n$/, '');
    const text = /json/i.test(info) && isOneLine(code) && isJsonContainer(code) ? jsonForReport(code) : code;
    this.options.budget.coloredCharacters -= text.length;
    this.#writeMarkdown(codeFence(text, this.options.budget.coloredCharacters < 0 ? '' : (/^[\w+#.-]+/.exec(info.trim())?.[0] ?? '')));
  }

  #blockDirectionAttribute(index: number): string {
    const firstInline = this.tokens.slice(index + 1, index + 8).find(({ type }) => type === 'inline');
    return this.#directionAttribute(firstInline?.children ?? []);
  }

  /** Returns the attribute for content that may run in the other direction than the text around it, else an empty text. */
  #directionAttribute(content: readonly Token[]): string {
    const hasRightToLeftText = content.some((token) => rightToLeftPattern.test(token.content));
    return hasRightToLeftText === this.isRightToLeft ? '' : ' dir="auto"';
  }

  #inlineText(content: readonly Token[]): string {
    return writeInline(content, (link) => this.#targetOf(link));
  }

  /** Returns a link's target if this is a web or mail address, or a heading in the same text. Undefined for any other target. */
  #targetOf(link: Token): string | undefined {
    const target = link.attrGet('href') ?? '';
    if (isWebOrMailUrl(target)) return target;
    const id = target.startsWith('#') ? this.options.idPrefix + slug(decodeTarget(target.slice(1))) : undefined;
    return id !== undefined && this.#headingIds.has(id) ? `#${id}` : undefined;
  }
}

/** Subtracts formulas from the budget. Hides each formula that exceeds the rest of the budget, so that its source is shown instead. */
function takeBudget(tokens: readonly Token[], budget: Budget): void {
  for (const token of tokens.flatMap((one) => [one, ...(one.children ?? [])]).filter(({ type }) => type === 'formula')) {
    token.hidden = budget.formulaCount < 1 || token.content.length > budget.formulaCharacters;
    if (token.hidden) continue;
    budget.formulaCount--;
    budget.formulaCharacters -= token.content.length;
  }
}

/** Returns a unique ID for each heading, as the target of links inside the text. */
function headingIds(tokens: readonly Token[], prefix: string): ReadonlyMap<Token, string> {
  const ids = new Map<Token, string>();
  /** The last number that was appended to each ID for further headings with the same name. */
  const lastSuffixesById = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const baseId = prefix + slug(textOf(tokens[index + 1]?.children ?? []));
    let suffix = lastSuffixesById.get(baseId) ?? 0;
    let id = baseId;
    while (lastSuffixesById.has(id)) id = `${baseId}-${++suffix}`;
    lastSuffixesById.set(baseId, suffix).set(id, 0);
    ids.set(token, id);
  });
  return ids;
}

/** Returns the name of a heading in links, as on GitHub: lowercase letters, digits, hyphens, and underscores. */
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
