import type { Token } from 'markdown-it';
import { escapeMarkdown, fenced, link, linked } from './escapeMarkdown';

/** Limits that all texts of a report share, because the preview needs much time and memory for formulas and colored code. */
export interface Budget {
  formulas: number;
  charactersOfFormulas: number;
  charactersOfColor: number;
}

/** Returns the limits for a new report. */
export function reportBudget(): Budget {
  return { formulas: 2_000, charactersOfFormulas: 20_000, charactersOfColor: 100_000 };
}

/** How a text is written. */
export interface WriterOptions {
  readonly budget: Budget;
  /** The beginning of the IDs of headings, which is different for each text of a report. */
  readonly id: string;
  /** Whether most of the text is in a script that is written from right to left. */
  readonly isRightToLeft?: boolean;
}

/** The level of an output's highest heading. The report's title has level 1, and its sections have level 2. */
const highestHeading = 3;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Writes parsed Markdown as HTML with few tags, all of them known. Server text can't end the HTML, because every text is escaped. Only code
 * blocks and formulas are Markdown, so that the preview colors code and draws formulas. They are between blank lines, in the first column.
 */
export function writeMarkdown(tokens: readonly Token[], options: WriterOptions): string {
  const writer = new Writer(tokens, options);
  tokens.forEach((_, index) => writer.write(index));
  return writer.written;
}

class Writer {
  readonly #parts: string[] = [];
  /** The HTML since the last Markdown part. Starts with the tag of a block, and never contains a blank line. */
  #html = '';
  /** Whether the HTML ends with the tag of a list item. */
  #isItemEmpty = false;
  readonly #headings: ReadonlyMap<Token, string>;
  readonly #ids: ReadonlySet<string>;
  readonly #lowered: number;
  /** The next number in each open list. Undefined for a list with bullets. */
  readonly #numbers: (number | undefined)[] = [];

  constructor(
    private readonly tokens: readonly Token[],
    private readonly options: WriterOptions,
  ) {
    this.#headings = headingIds(tokens, options.id);
    this.#ids = new Set(this.#headings.values());
    const top = tokens.reduce((least, { type, tag }) => (type === 'heading_open' ? Math.min(least, Number(tag[1])) : least), 6);
    this.#lowered = highestHeading - top;
  }

  get written(): string {
    return [...this.#parts, this.#html.trimStart()].filter((part) => part !== '').join('\n\n');
  }

  /** Writes the token at an index. The content of a paragraph, heading, or cell is written with its opening token. */
  write(index: number): void {
    const token = this.tokens[index] as Token;
    const content = this.tokens[index + 1]?.children ?? [];
    switch (token.type) {
      case 'paragraph_open':
        return this.#paragraph(token, content);
      case 'heading_open': {
        const tag = `h${Math.min(Number(token.tag[1]) + this.#lowered, 6)}`;
        return this.#around(`<${tag} id="${this.#headings.get(token)}"${this.#direction(content)}>`, content, `</${tag}>`);
      }
      case 'cell_open':
        return this.#around(
          `<${token.tag}${token.info === '' ? '' : ` align="${token.info}"`}${this.#direction(content)}>`,
          content,
          `</${token.tag}>`,
        );
      case 'fence':
      case 'code_block':
        return this.#code(token);
      case 'formula':
        return this.#markdown(this.#takes(token.content) ? `$$\n${mathematical(token.content)}\n$$` : fenced(token.content, 'text'));
      case 'hr':
        return this.#tag('<hr>');
      case 'bullet_list_open':
        this.#numbers.push(undefined);
        return this.#tag(`<ul${this.#directionAt(index)}>`);
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1);
        this.#numbers.push(start);
        return this.#tag(`<ol${start === 1 ? '' : ` start="${start}"`}${this.#directionAt(index)}>`);
      }
      case 'list_item_open':
        this.#tag(`<li${this.#number(token)}>`);
        this.#isItemEmpty = true;
        return;
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#numbers.pop();
        return this.#tag(`</${token.tag}>`);
      case 'table_open':
        return this.#tag(`<div class="kickoffs-wide">\n<table${this.#directionAt(index)}>`);
      case 'table_close':
        return this.#tag('</table>\n</div>');
      case 'blockquote_open':
      case 'tr_open':
        return this.#tag(`<${token.tag}>`);
      case 'list_item_close':
      case 'blockquote_close':
      case 'tr_close':
        return this.#tag(`</${token.tag}>`);
      default:
    }
  }

  #tag(html: string): void {
    this.#isItemEmpty = false;
    this.#html += `\n${html}`;
  }

  #markdown(text: string): void {
    if (this.#html !== '') this.#parts.push(this.#html.trimStart());
    this.#html = '';
    this.#isItemEmpty = false;
    // Blanks, which may be encoded, would make a paragraph code.
    this.#parts.push(text.replace(/^[ \t]+/, ''));
  }

  /** Writes a paragraph. In a list without blank lines, a text directly behind the number or bullet has no tag of its own. */
  #paragraph({ hidden }: Token, content: readonly Token[]): void {
    if (this.#hasFormula(content)) return this.#markdown(this.#inline(content, escapeInMarkdown));
    const html = this.#inline(content, escapeInHtml);
    if (hidden && this.#isItemEmpty) this.#html += html;
    else this.#tag(hidden ? `<div>${html}</div>` : `<p${this.#direction(content)}>${html}</p>`);
  }

  #around(open: string, content: readonly Token[], close: string): void {
    this.#tag(open);
    if (this.#hasFormula(content)) {
      this.#markdown(this.#inline(content, escapeInMarkdown));
      this.#tag(close);
    } else this.#html += this.#inline(content, escapeInHtml) + close;
  }

  #code({ content, info }: Token): void {
    const text = content.replace(/\n$/, '');
    this.options.budget.charactersOfColor -= text.length;
    this.#markdown(fenced(text, this.options.budget.charactersOfColor < 0 ? '' : (/^[\w+#.-]+/.exec(info.trim())?.[0] ?? '')));
  }

  #hasFormula(content: readonly Token[]): boolean {
    return content.some(({ type, content: formula }) => type === 'formula' && this.#fits(formula));
  }

  #fits(formula: string): boolean {
    const { formulas, charactersOfFormulas } = this.options.budget;
    return formulas > 0 && formula.length <= charactersOfFormulas;
  }

  #takes(formula: string): boolean {
    if (!this.#fits(formula)) return false;
    this.options.budget.formulas--;
    this.options.budget.charactersOfFormulas -= formula.length;
    return true;
  }

  /** Returns the `value` of an item whose number isn't the next one, because HTML counts the items. */
  #number({ info }: Token): string {
    const next = this.#numbers.at(-1);
    if (next === undefined || info === '') return '';
    const number = Number(info);
    this.#numbers[this.#numbers.length - 1] = number + 1;
    return number === next ? '' : ` value="${number}"`;
  }

  #directionAt(index: number): string {
    const first = this.tokens.slice(index + 1, index + 8).find(({ type }) => type === 'inline');
    return this.#direction(first?.children ?? []);
  }

  /** Returns the attribute for text that runs in the other direction than the text around it. */
  #direction(content: readonly Token[]): string {
    const isRight = content.some((token) => rightToLeft.test(token.content));
    return isRight === (this.options.isRightToLeft ?? false) ? '' : ' dir="auto"';
  }

  #inline(tokens: readonly Token[], escape: Escape): string {
    const partners = pairs(tokens);
    const links: { readonly token: Token; readonly context: InlineContext }[] = [];
    let html = '';
    tokens.forEach((token, index) => {
      const isInWord = /\w$/.test(tokens[index - 1]?.content.slice(-1) ?? '');
      const context = { escape, isInLink: links.length > 0, hasPartner: partners.has(token), isInWord };
      if (token.type === 'link_open') links.push({ token, context });
      const open = token.type === 'link_close' ? links.pop() : undefined;
      const written = open ? this.#linkClose(open.token, open.context) : this.#inlineToken(token, context);
      // KaTeX's plugin draws no formula directly behind another one, or behind a tag such as `<strong>`.
      html += written.startsWith('$') && /[>$]$/.test(html) ? `<!---->${written}` : written;
    });
    return html;
  }

  #inlineToken(token: Token, context: InlineContext): string {
    const { escape, isInLink, hasPartner } = context;
    switch (token.type) {
      case 'text':
        return isInLink ? escape(token.content) : linked(token.content, escape);
      case 'code_inline':
        return `<code>${escape(token.content)}</code>`;
      case 'softbreak':
        return ' ';
      case 'hardbreak':
        return '<br>';
      case 'formula':
        return escape === escapeInMarkdown && this.#takes(token.content) ? `$${mathematical(token.content)}$` : escape(token.markup);
      case 'tag':
        return hasPartner ? `<${token.tag}>` : escape(token.content);
      case 'image':
        return isInLink ? escape(altOf(token)) : image(token, escape);
      case 'link_open':
        return this.#linkOpen(token, context);
      default:
        return token.tag === '' ? '' : `<${token.nesting < 0 ? '/' : ''}${token.tag}>`;
    }
  }

  #linkOpen(token: Token, { escape, isInWord }: InlineContext): string {
    const target = this.#target(token);
    if (target !== undefined) return `<a href="${escapeMarkdown(target)}">`;
    return escape(token.markup === 'autolink' ? '<' : isInWord ? '[' : '');
  }

  /** Writes the end of a link. The target of a link that isn't made is text, unless it is a file beside the text. */
  #linkClose(token: Token, { escape, isInWord }: InlineContext): string {
    if (this.#target(token) !== undefined) return '</a>';
    const target = token.attrGet('href') ?? '';
    if (token.markup === 'autolink') return escape('>');
    return escape(isInWord ? `](${target})` : /^(?:[a-z][\w+.-]*:|\/\/)/i.test(target) && !isPicture(target) ? ` (${target})` : '');
  }

  /** Returns the target of a link if it is a web or mail address, or a heading in the same text. */
  #target(token: Token): string | undefined {
    const target = token.attrGet('href') ?? '';
    if (isWebOrMail(target)) return target;
    const id = target.startsWith('#') ? this.options.id + slug(decoded(target.slice(1))) : undefined;
    return id !== undefined && this.#ids.has(id) ? `#${id}` : undefined;
  }
}

type Escape = (text: string) => string;

interface InlineContext {
  readonly escape: Escape;
  readonly isInLink: boolean;
  readonly hasPartner: boolean;
  /** Whether a letter or digit is in front of the token, as in `names[i](value)`. */
  readonly isInWord: boolean;
}

function image(token: Token, escape: Escape): string {
  const target = token.attrGet('src') ?? '';
  const text = altOf(token);
  return isWebOrMail(target) ? link(target, escape(text.trim() === '' ? target : text)) : escape(text);
}

function altOf(token: Token): string {
  return textOf(token.children ?? []);
}

function isPicture(target: string): boolean {
  return /^data:image\//i.test(target);
}

function isWebOrMail(target: string): boolean {
  return /^(?:https?:\/\/|mailto:).*$/i.test(target);
}

/** Returns the harmless tags that have a partner: an opening and a closing tag around complete emphasis and links. */
function pairs(tokens: readonly Token[]): ReadonlySet<Token> {
  const found = new Set<Token>();
  const open: Token[] = [];
  for (const token of tokens) {
    const { type, tag, nesting } = token;
    if (type === 'tag' ? !tag.startsWith('/') : nesting > 0) open.push(token);
    else if (type === 'tag') {
      const last = open.at(-1);
      if (last?.type === 'tag' && last.tag === tag.slice(1)) found.add(token).add(open.pop() ?? token);
    } else if (nesting < 0) while (open.length > 0 && open.pop()?.type === 'tag');
  }
  return found;
}

/** Returns a unique ID for each heading, from which links inside the text are made. */
function headingIds(tokens: readonly Token[], prefix: string): ReadonlyMap<Token, string> {
  const ids = new Map<Token, string>();
  const used = new Set<string>();
  const counts = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    const name = prefix + slug(textOf(tokens[index + 1]?.children ?? []));
    let count = counts.get(name) ?? 0;
    let id = name;
    while (used.has(id)) id = `${name}-${++count}`;
    counts.set(name, count);
    used.add(id);
    ids.set(token, id);
  });
  return ids;
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ type, content }) => (type.endsWith('break') ? ' ' : content)).join('');
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Escapes text without its encoded line ends, such as `&#10;`. A blank line would end the HTML. */
function escapeInHtml(text: string): string {
  return escapeMarkdown(text.replace(/[\r\n]/g, ' '));
}

/** Escapes text in a paragraph that is Markdown because of a formula. The ends are escaped because KaTeX looks at the neighbors of `$`. */
function escapeInMarkdown(text: string): string {
  return escapeInHtml(text)
    .replace(/[-+=.:@/()^%]/g, code)
    .replace(/^[^\s&]|[^\s;]$/gu, code);
}

function code(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}

/** Writes a formula so that it has no effect as Markdown either, if the preview draws no formulas. KaTeX has no HTML entities. */
function mathematical(formula: string): string {
  return formula
    .replace(/</g, '\\lt ')
    .replace(/!\[/g, '! [')
    .replace(/\](?=[:([])/g, '] ')
    .trim();
}
