import { createRequire } from 'node:module';
import path from 'node:path';

/** The part of markdown-it's token that these tests look at. */
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
  parse(text: string, environment: object): Token[];
}

/** VS Code's preview renders with markdown-it; vsce brings the same one, for READMEs. */
const root = createRequire(path.resolve('package.json'));
const Renderer = createRequire(root.resolve('@vscode/vsce/package.json'))('markdown-it') as new (options: object) => MarkdownIt;

const preview = new Renderer({ html: true, linkify: true });
preview.linkify.set({ fuzzyLink: false });
preview.validateLink = () => true;

const withoutLinkify = new Renderer({ html: true, linkify: false });

/** What the preview makes of a text, with every address it could follow. */
export function parsed(text: string): readonly Token[] {
  return preview.parse(text, {});
}

/** The same for one line, where a bare address stays a text. */
export function parsedWithoutLinks(text: string): readonly Token[] {
  return withoutLinkify.parse(text, {});
}

/** All tokens, those inside a paragraph too. */
export function flat(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
}

/** What would leave the text: images, HTML, and addresses that are neither the web's nor mail's. */
export function dangers(tokens: readonly Token[]): readonly string[] {
  return flat(tokens).flatMap((token) => {
    if (token.type === 'image') return [`image ${token.attrGet('src') ?? ''}`];
    if (token.type === 'html_block' || token.type === 'html_inline') return [`html ${token.content}`];
    if (token.type !== 'link_open') return [];
    const address = token.attrGet('href') ?? '';
    const isBare = token.markup === 'linkify';
    return isBare || /^(?:https?:\/\/|mailto:)/i.test(address) ? [] : [`link ${address}`];
  });
}
