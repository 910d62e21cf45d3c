import type { OutputFormat } from './outputFormats';

/** Returns the format of settings: `ini` (also for `.env` files), `toml`, `yaml`, or for some YAML `preformatted`. Else undefined. */
export function settingsFormat(lines: readonly string[]): OutputFormat | undefined {
  const format = assignmentFormat(lines);
  if (format || !isYaml(lines)) return format;
  // Editors fetch the schema that a YAML file refers to. An escape could spell the name of a schema.
  return lines.some((line) => /\$schema|yaml-language-server|\\/i.test(line)) ? 'preformatted' : 'yaml';
}

const settingPattern = /^(?:export )?[\w."-]+ ?=(?!=)/;
/** Matches a line inside a value of several lines, which begins with a quote, a digit, or a bracket. Also matches a section. */
const valuePattern = /^["'\d{}[\]]/;
const tomlPattern = /^[^=]*= ?(?:["'[{]|[-+]?(?:\d|inf\b|nan\b)|(?:true|false)\b)/;

/** Returns the format of assignments. Without sections, each must have the form `KEY=value`, since assignments in code have spaces. */
function assignmentFormat(lines: readonly string[]): 'ini' | 'toml' | undefined {
  const contentLines = lines.map((line) => line.trim()).filter((line) => !/^(?:[#;]|$)/.test(line));
  const settingLines = contentLines.filter((line) => settingPattern.test(line));
  if (settingLines.length < 2 || !contentLines.every((line) => settingPattern.test(line) || valuePattern.test(line))) return undefined;
  const hasSection = contentLines.some((line) => /^\[.*\]$/.test(line));
  if (!hasSection) return contentLines.some((line) => line.includes(' =')) ? undefined : 'ini';
  // Editors fetch the schema that a TOML file refers to.
  const hasSchema = lines.some((line) => /schema|\\/i.test(line));
  return !hasSchema && settingLines.every((line) => tomlPattern.test(line)) ? 'toml' : 'ini';
}

/** Whether nearly all lines are items or one-word keys. Half the keys must be lowercase, or all without nesting: `A: b` may be a label. */
function isYaml(lines: readonly string[]): boolean {
  let [keyCount, lowercaseCount, nestedCount, otherCount] = [0, 0, 0, 0];
  // The indents of a key with a text of several lines, and of a key without a value.
  let blockIndent = Infinity;
  let parentIndent = Infinity;
  for (const line of lines) {
    const indent = line.search(/\S/);
    const isItem = line.startsWith('- ', indent);
    const content = line.slice(isItem ? indent + 2 : indent).trim();
    if (indent > blockIndent || /^(?:$|#|---)/.test(content)) continue;
    if (line.startsWith('\t')) return false;
    if (indent > parentIndent || (indent === parentIndent && isItem)) nestedCount++;
    blockIndent = Infinity;
    parentIndent = Infinity;

    if (/^["']?[\w./${}-]+["']?:(?: |$)/.test(content)) {
      keyCount++;
      if (/^["']?[a-z]/.test(content)) lowercaseCount++;
      if (/: [|>][-+]?$/.test(content)) blockIndent = indent;
      if (content.endsWith(':')) parentIndent = indent;
    } else if (!isItem) otherCount++;
  }
  if (keyCount < 2 || otherCount * 6 > keyCount) return false;
  return nestedCount > 0 ? lowercaseCount * 2 >= keyCount : keyCount >= 3 && lowercaseCount === keyCount;
}
