import type { Token } from 'markdown-it';
import { characterReference, escapeMarkdown, link, linkAddresses } from './escapeMarkdown';

/** Whether content has a formula to draw. Such content must be Markdown, because the preview draws no formulas in HTML. */
export function hasFormula(tokens: readonly Token[]): boolean {
  return tokens.some(({ type, hidden }) => type === 'formula' && !hidden);
}

/** Writes a block's content: Markdown if the content has a formula, else HTML. `targetOf` returns a link's target if it is allowed. */
export function writeInline(tokens: readonly Token[], targetOf: (link: Token) => string | undefined): string {
  const escape = hasFormula(tokens) ? escapeInMarkdown : escapeInHtml;
  const pairedTags = pairedTagsOf(tokens);
  const linkEnds: string[] = [];
  const write = (token: Token, index: number): string => {
    switch (token.type) {
      case 'text':
        return linkEnds.length > 0 ? escape(token.content) : linkAddresses(token.content, escape);
      case 'code_inline':
        return `<code>${escape(token.content)}</code>`;
      case 'softbreak':
        return ' ';
      case 'hardbreak':
        return '<br>';
      case 'formula':
        return token.hidden ? escape(token.markup) : `$${escapeFormula(token.content)}$`;
      case 'tag':
        return pairedTags.has(token) ? `<${token.tag}>` : escape(token.content);
      case 'image':
        return imageText(token, escape, linkEnds.length > 0);
      case 'link_open': {
        const target = targetOf(token);
        const [start, end] = target === undefined ? textAroundLink(token, /\w$/.test(tokens[index - 1]?.content ?? '')) : ['', ''];
        linkEnds.push(target === undefined ? escape(end) : '</a>');
        return target === undefined ? escape(start) : `<a href="${escapeMarkdown(target)}">`;
      }
      case 'link_close':
        return linkEnds.pop() ?? '';
      default:
        return token.tag === '' ? '' : `<${token.nesting < 0 ? '/' : ''}${token.tag}>`;
    }
  };
  const parts: string[] = [];
  let isAfterTag = false;
  for (const [index, token] of tokens.entries()) {
    const part = write(token, index);
    const isFormula = part.startsWith('$');
    // KaTeX's plugin draws no formula directly after another formula, or if the last HTML before it is a tag such as `<strong>`.
    if (isFormula && (isAfterTag || parts.at(-1)?.endsWith('$'))) parts.push('<!---->');
    isAfterTag = !isFormula && (isAfterTag || part.includes('<'));
    if (part !== '') parts.push(part);
  }
  return parts.join('');
}

/** Returns texts to write around a link whose target isn't allowed, such as its URL, or the brackets of code like `names[i](value)`. */
function textAroundLink(token: Token, isInWord: boolean): readonly [start: string, end: string] {
  const target = token.attrGet('href') ?? '';
  if (token.markup === 'autolink') return ['<', '>'];
  if (isInWord) return ['[', `](${target})`];
  return ['', /^(?:(?!data:image\/)[a-z][\w+.-]*:|\/\/)/i.test(target) ? ` (${target})` : ''];
}

function imageText(token: Token, escape: (text: string) => string, isInLink: boolean): string {
  const target = token.attrGet('src') ?? '';
  const text = textOf(token.children ?? []);
  return isInLink || !isWebOrMailUrl(target) ? escape(text) : link(target, escape(text.trim() === '' ? target : text));
}

export function isWebOrMailUrl(target: string): boolean {
  return /^(?:https?:\/\/|mailto:).*$/i.test(target);
}

export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ type, content }) => (type.endsWith('break') ? ' ' : content)).join('');
}

/** Returns the tags that have a partner. Between the two tags of a pair, emphasis and links are complete. */
export function pairedTagsOf(tokens: readonly Token[]): ReadonlySet<Token> {
  const pairedTags = new Set<Token>();
  const openTokens: Token[] = [];
  for (const token of tokens) {
    const isClosing = token.type === 'tag' ? token.tag.startsWith('/') : token.nesting < 0;
    if (!isClosing) {
      if (token.type === 'tag' || token.nesting > 0) openTokens.push(token);
    } else if (token.type !== 'tag') while (openTokens.length > 0 && openTokens.pop()?.type === 'tag');
    else if (openTokens.at(-1)?.type === 'tag' && openTokens.at(-1)?.tag === token.tag.slice(1))
      pairedTags.add(token).add(openTokens.pop() ?? token);
  }
  return pairedTags;
}

/** Escapes text, and replaces line ends, for example from `&#10;`, with spaces, because a blank line would end the HTML. */
export function escapeInHtml(text: string): string {
  return escapeMarkdown(text.replace(/[\r\n]/g, ' '));
}

/** Escapes text beside a formula. Also escapes the text's first and last character, because KaTeX checks the neighbors of `$`. */
function escapeInMarkdown(text: string): string {
  return escapeInHtml(text)
    .replace(/[-+=.:@/()^%]/g, characterReference)
    .replace(/^[^\s&]|[^\s;]$/gu, characterReference);
}

/** Breaks tags, images, and links in a formula, for previews without KaTeX. Doesn't use HTML entities, because KaTeX doesn't know them. */
function escapeFormula(formula: string): string {
  return formula
    .replace(/</g, '\\lt ')
    .replace(/!\[/g, '! [')
    .replace(/\](?=[:([])/g, '] ')
    .trim();
}

/** Returns the formula on one line, for the line between two `$$`. Puts `{}` before a sign that could begin a list or heading. */
export function displayFormula(formula: string): string {
  const line = escapeFormula(formula.replaceAll('\n', ' '));
  return /^[a-z\\{(]/i.test(line) ? line : `{}${line}`;
}
