import { createRequire } from 'node:module';
import path from 'node:path';

/** The part of a markdown-it token that these tests read. */
export interface Token {
  readonly type: string;
  readonly tag: string;
  readonly content: string;
  readonly info: string;
  readonly markup: string;
  readonly level: number;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
}

interface MarkdownIt {
  readonly linkify: { set(options: { readonly fuzzyLink: boolean }): void };
  validateLink: (link: string) => boolean;
  use(plugin: unknown, options: object): MarkdownIt;
  parse(text: string, environment: object): Token[];
  render(text: string): string;
}

/** VS Code's preview uses markdown-it and KaTeX. Neither has types. */
const load = createRequire(path.resolve('package.json'));
const Renderer = load('markdown-it') as new (options: object) => MarkdownIt;
const formulas = (load('@vscode/markdown-it-katex') as { default: unknown }).default;

function previewWith(options: object): MarkdownIt {
  const preview = new Renderer({ html: true, linkify: true, ...options });
  preview.linkify.set({ fuzzyLink: false });
  preview.validateLink = () => true;
  return preview;
}

const preview = previewWith({}).use(formulas, { enableFencedBlocks: true });
const withoutFormulas = previewWith({});
const withBreaks = previewWith({ breaks: true }).use(formulas, { enableFencedBlocks: true });
const withoutLinkify = previewWith({ linkify: false });

/** Returns the tokens of the preview, including links with any protocol. */
export function parsed(text: string): readonly Token[] {
  return preview.parse(text, {});
}

/** Returns the HTML of the preview. */
export function rendered(text: string): string {
  return preview.render(text);
}

/** Returns the tokens of a preview without formulas, where the text of a formula is Markdown. */
export function parsedWithoutFormulas(text: string): readonly Token[] {
  return withoutFormulas.parse(text, {});
}

/** Returns the tokens of a preview where a bare URL stays text. */
export function parsedWithoutLinks(text: string): readonly Token[] {
  return withoutLinkify.parse(text, {});
}

/** Returns the lines that the preview shows, with the setting `markdown.preview.breaks` off or on. */
export function linesShown(text: string, breaks: 'off' | 'on' = 'off'): readonly string[] {
  const html = (breaks === 'on' ? withBreaks : preview).render(text);
  // Outside of `pre`, HTML shows line breaks as blanks.
  return html
    .split(/(<pre[^>]*>[^]*?<\/pre>)/)
    .map((part, index) => (index % 2 === 1 ? part.replace(/^<pre[^>]*>(?:<code[^>]*>)?\n?/, '\n') : part.replace(/\s+/g, ' ')))
    .join('')
    .replace(/<br ?\/?>|<\/?(?:p|div|pre|li|ul|ol|h\d|t[drh]|table|blockquote|details|summary)\b[^>]*>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|(lt|gt|amp|quot|nbsp));/g, (_, code: string | undefined, name: 'lt' | 'gt' | 'amp' | 'quot' | 'nbsp') =>
      code === undefined ? { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: '\u00a0' }[name] : String.fromCodePoint(Number(code)),
    )
    .replace(/\u2060/g, '')
    .split('\n');
}

/** Returns all tokens, including the tokens inside of paragraphs. */
export function flat(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
}

/** Describes dangerous tokens: images, HTML that isn't the report's own, and links to other targets than the web and mail. */
export function dangers(tokens: readonly Token[], isOurs: (token: Token) => boolean = () => false): readonly string[] {
  return flat(tokens).flatMap((token) => {
    if (token.type === 'image') return [`image ${token.attrGet('src') ?? ''}`];
    if (token.type === 'html_block' || token.type === 'html_inline') return isOurs(token) ? [] : [`html ${token.content}`];
    if (token.type !== 'link_open') return [];
    const address = token.attrGet('href') ?? '';
    const isBare = token.markup === 'linkify';
    return isBare || /^(?:https?:\/\/|mailto:)/i.test(address) ? [] : [`link ${address}`];
  });
}

const ofOutputs =
  /^(?:<div class="kickoffs-(?:wrap|wide)">|<div class="kickoffs-rtl" dir="rtl">|<\/div>|<details><summary>Full JSON<\/summary>|<\/details>|<\/?(?:br|sub|sup|b|i|u|s|em|strong|kbd|mark|small)>)\n?$/;

/** Whether the token is HTML that a report writes for outputs: harmless tags and escaped server text. */
export function isOfOutput({ type, content }: Token): boolean {
  if (type !== 'html_block' && type !== 'html_inline') return false;
  if (ofOutputs.test(content)) return true;
  const [, inside] = /^<pre class="kickoffs-text">\n([^]*)\n<\/pre>\n?$/.exec(content) ?? [];
  return inside !== undefined && !/[<>]/.test(inside.replace(/<a href="https?:\/\/[^"<>\s]*">[^<>]*<\/a>/gi, ''));
}
