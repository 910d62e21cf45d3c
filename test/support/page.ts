import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
export type Element = DefaultTreeAdapterTypes.Element;

const blocks = new Set('p div pre li ul ol h1 h2 h3 h4 h5 h6 table thead tbody tr th td blockquote details summary hr section'.split(' '));

/** A rendered page, as a browser would build it from HTML. */
export class Page {
  readonly #root: Node;

  constructor(html: string) {
    this.#root = parseFragment(html);
  }

  /** Returns the lines that a reader sees, without blank lines. Each cell is a line. */
  lines(): readonly string[] {
    return linesOf(this.#root);
  }

  /** Returns the elements with one of the tags, in their order. Without tags, returns all elements. */
  all(...tags: readonly string[]): readonly Element[] {
    return descendants(this.#root).filter((one) => tags.length === 0 || tags.includes(one.tagName));
  }

  /** Returns the exact text of the page. */
  text(): string {
    return textOf(this.#root);
  }

  /** Returns the elements at the top of the page. */
  top(): readonly Element[] {
    return childrenOf(this.#root).filter(isElement);
  }

  /** Returns the texts of elements. Line breaks remain. */
  texts(...tags: readonly string[]): readonly string[] {
    return this.all(...tags).map((one) => linesOf(one).join('\n'));
  }

  /** Returns the tags and texts of elements, such as `h3 Title`. */
  named(...tags: readonly string[]): readonly string[] {
    return this.all(...tags).map((one) => `${one.tagName} ${linesOf(one).join('\n')}`);
  }

  /** Returns the languages and texts of code blocks, such as `js: a()`. */
  codeBlocks(): readonly string[] {
    const blocks = this.all('code').filter((one) => parentOf(one)?.tagName === 'pre');
    return blocks.map((one) => `${attribute(one, 'class')?.replace('language-', '') ?? ''}: ${textOf(one).replace(/\n$/, '')}`);
  }

  /** Returns the texts of list items, without the lists inside them. */
  items(): readonly string[] {
    return this.all('li').map((one) => linesOf(one, ['ul', 'ol']).join('\n'));
  }

  /** Returns the cells of each table by rows. */
  tables(): readonly (readonly (readonly string[])[])[] {
    const rowsOf = (table: Element) => descendants(table).filter(({ tagName }) => tagName === 'tr');
    const cellsOf = (row: Element) => descendants(row).filter(({ tagName }) => tagName === 'td' || tagName === 'th');
    return this.all('table').map((table) => rowsOf(table).map((row) => cellsOf(row).map((one) => linesOf(one).join('\n'))));
  }

  /** Returns the exact texts of code blocks and other preformatted texts, without the last line break. */
  preformatted(): readonly string[] {
    return this.all('pre').map((one) => textOf(one).replace(/\n$/, ''));
  }

  /** Returns the exact texts of code inside lines. */
  codeSpans(): readonly string[] {
    const spans = this.all('code').filter((one) => parentOf(one)?.tagName !== 'pre');
    return spans.map(textOf);
  }

  /** Returns the targets of links. */
  links(): readonly string[] {
    return this.all('a').map((one) => attribute(one, 'href') ?? '');
  }
}

/** Returns an attribute of an element. */
export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((one) => one.name === name)?.value;
}

/** Returns the element around an element. */
export function parentOf({ parentNode }: Element): Element | undefined {
  return isElement(parentNode) ? parentNode : undefined;
}

function isElement(node: Node | null): node is Element {
  return node !== null && 'tagName' in node;
}

function childrenOf(node: Node): readonly Node[] {
  return 'childNodes' in node ? node.childNodes : [];
}

function descendants(node: Node, found: Element[] = []): readonly Element[] {
  for (const one of childrenOf(node)) {
    if (isElement(one)) found.push(one);
    descendants(one, found);
  }
  return found;
}

function textOf(node: Node): string {
  return 'value' in node ? node.value : childrenOf(node).map(textOf).join('');
}

/** Returns the lines of a node, without blank lines, marks of direction, and elements with a skipped tag. */
function linesOf(root: Node, skipped: readonly string[] = []): readonly string[] {
  const lines = [''];
  const add = (text: string) => {
    const [first = '', ...more] = text.split('\n');
    lines.push((lines.pop() ?? '') + first);
    lines.push(...more);
  };
  const visit = (node: Node, isExact: boolean): void => {
    if ('value' in node) {
      add(isExact ? node.value : node.value.replace(/[ \t\r\n]+/g, ' '));
      return;
    }
    if (isElement(node) && skipped.includes(node.tagName)) return;
    const isBlock = isElement(node) && (blocks.has(node.tagName) || node.tagName === 'br');
    if (isBlock) add('\n');
    for (const child of childrenOf(node)) visit(child, isExact || (isElement(node) && node.tagName === 'pre'));
    if (isBlock) add('\n');
  };
  visit(root, false);
  return lines.map((line) => line.replaceAll('\u200f', '').trim()).filter((line) => line !== '');
}
