import { attribute, parentOf, type Element, type Page } from '#test/support/page';

type Allowed = Readonly<Record<string, Readonly<Record<string, RegExp>>>>;

/** Returns tags that have the same allowed attributes. */
function tags(names: string, attributes: Allowed[string] = {}): Allowed {
  return Object.fromEntries(names.split(' ').map((name) => [name, attributes]));
}

const dir = /^auto$/;
const anything = /^/;

/** The tags and attributes of a report outside of formulas and the timeline. */
const ofReport: Allowed = {
  ...tags('br hr strong em s sub sup b i u kbd mark small tbody tr blockquote style h1'),
  ...tags('h3 h4 h5 h6', { id: /^(?:output|task\d+)(?:\.\d)*-/, dir }),
  ...tags('td th', { align: /^(?:left|center|right)$/, dir }),
  ...tags('ol ul table', { dir }),
  h2: { class: /^kickoffs-section$/ },
  p: { dir, class: /^katex-block(?: katex-error)?$/, title: anything },
  li: { value: /^\d+$/ },
  pre: { class: /^kickoffs-text$/ },
  code: { class: /^language-[\w+#.-]+$/ },
  div: {
    ...{ id: /^report:(?:above|inputs|picture)$/, class: /^kickoffs-(?:output(?: kickoffs-rtl)?|wrap|wide)$/ },
    ...{ dir: /^rtl$/, style: /^overflow-x: auto$/ },
  },
  details: { id: /^(?:task:\d+|inputs:values|(?:output|task\d+)(?:\.\d)*-:\d+)$/ },
  summary: { dir },
  a: { href: /^(?:https?:\/\/|mailto:|#(?:output|task\d+)(?:\.\d)*-)/i },
  span: { class: /^katex-(?:error|display)$/, title: anything },
};

const ofTimeline = /^(?:role|x|y|rx|d|viewBox|width|height|style|font-size|(?:fill|stroke)(?:-\w+)?)$/;
const ofFormula = /^(?!on|href|src|id)[\w:-]+$/;

/** Returns everything in a report that a server's text must not cause: other tags and attributes, links elsewhere, and repeated IDs. */
export function faultsOf(page: Page): readonly string[] {
  const ids = page.all().flatMap((one) => attribute(one, 'id') ?? []);
  const known = new Set(ids);
  return [
    ...page.all().flatMap((one) => faultsOfElement(one, known)),
    ...(known.size < ids.length ? [`repeated ID in ${ids.join(' ')}`] : []),
    ...(page.all('style').length > 1 ? ['a second style'] : []),
  ];
}

function faultsOfElement(element: Element, ids: ReadonlySet<string>): readonly string[] {
  const { tagName, attrs } = element;
  const root = rootOf(element)?.tagName;
  if (root !== undefined) {
    const isKnown = root === 'svg' ? /^(?:svg|title|desc|g|text|rect|path)$/ : /^(?:span|svg|path|line|math|m[a-z]+|semantics|annotation)$/;
    const names = root === 'svg' ? ofTimeline : ofFormula;
    const isFine = isKnown.test(tagName) && attrs.every(({ name, value }) => names.test(name) && !/url\(/i.test(value));
    return isFine ? [] : [described(element)];
  }
  const allowed = ofReport[tagName];
  const isFine = attrs.every(({ name, value }) => allowed?.[name]?.test(value) === true && (name !== 'href' || isTarget(value, ids)));
  return allowed && isFine ? [] : [described(element)];
}

function isTarget(href: string, ids: ReadonlySet<string>): boolean {
  return !href.startsWith('#') || ids.has(href.slice(1));
}

function described({ tagName, attrs }: Element): string {
  return `<${tagName}${attrs.map(({ name, value }) => ` ${name}="${value}"`).join('')}>`;
}

/** Returns the formula or the timeline around an element. */
function rootOf(element: Element): Element | undefined {
  for (let one: Element | undefined = element; one; one = parentOf(one)) {
    const isFormula = one.tagName === 'span' && attribute(one, 'class') === 'katex';
    if (isFormula || (one.tagName === 'svg' && attribute(one, 'role') === 'img')) return one;
  }
  return undefined;
}
