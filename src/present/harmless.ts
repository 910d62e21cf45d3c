const joiner = '\u2060';

/**
 * Makes a server's Markdown safe inside a report of ours: no HTML, no image that would be fetched, no link that leads into this machine.
 *
 * Code keeps its look: there `<` and `![` are only parted by an invisible joiner. So nothing hangs on whether this reading of
 * fences and the preview's agree: in neither way of marking can a tag or an image be left.
 */
export function harmless(markdown: string): string {
  let fence: string | undefined;
  const lines = markdown.split(/\r\n|\r|\n/).map((line) => {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined) {
      if (mark === undefined) return prose(line);
      fence = mark;
      return code(line);
    }
    if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined;
    return code(line);
  });
  return (fence === undefined ? lines : [...lines, fence]).join('\n');
}

/** Server text inside HTML of our own. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`*_[\]\\!|#~$]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** Text in a code block that cannot end it early. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code(text)}\n${fence}`;
}

function prose(line: string): string {
  return line
    .split(/(`+[^`]+`+)/)
    .map((part, index) => (index % 2 === 1 ? code(part) : inert(part)))
    .join('');
}

function inert(text: string): string {
  return text
    .replace(/</g, '&lt;')
    .replace(/!+\[/g, '[')
    .replace(/\]\((?!\s*(?:https?:\/\/|mailto:))/gi, ']\\(')
    .replace(/^(\s*(?:>\s*)*)\[([^\]]*)\]:/, '$1\\[$2]:');
}

function code(text: string): string {
  return text.replace(/</g, `<${joiner}`).replace(/!\[/g, `!${joiner}[`);
}
