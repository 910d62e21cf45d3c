import MarkdownIt, { type PluginWithOptions } from 'markdown-it';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Page } from '#test/support/page';

/** VS Code's plugin for formulas, which has no types. */
const katex = (createRequire(path.resolve('package.json'))('@vscode/markdown-it-katex') as { default: PluginWithOptions }).default;

interface Settings {
  readonly math?: boolean;
  readonly breaks?: boolean;
  readonly typographer?: boolean;
}

/** Returns a renderer like the preview of VS Code, with its settings. It makes links with any protocol. */
function previewWith({ math = true, ...settings }: Settings): MarkdownIt {
  const preview = new MarkdownIt({ html: true, linkify: true, ...settings });
  preview.linkify.set({ fuzzyLink: false });
  preview.validateLink = () => true;
  if (!math) return preview;
  const options = { enableFencedBlocks: true, globalGroup: true, macros: {} };
  preview.core.ruler.push('reset', () => void (options.macros = {}));
  return preview.use(katex, options);
}

/** Rules that a report doesn't use. Rules for emphasis and headings don't matter, because a report escapes their signs. */
const rules = 'list code blockquote hr lheading reference table backticks strikethrough link image autolink'.split(' ');

/** Previews with other settings of VS Code, and one without most rules of Markdown. */
const previews = {
  usual: previewWith({}),
  'without formulas': previewWith({ math: false }),
  breaks: previewWith({ breaks: true }),
  typographer: previewWith({ typographer: true }),
  'without Markdown': previewWith({}).disable(rules),
} as const;

export type Setting = keyof typeof previews;
export const settings = Object.keys(previews) as readonly Setting[];

/** Returns the HTML of the preview. */
export function rendered(text: string, setting: Setting = 'usual'): string {
  return previews[setting].render(text);
}

/** Returns the page that the preview shows. */
export function page(text: string, setting: Setting = 'usual'): Page {
  return new Page(rendered(text, setting));
}
