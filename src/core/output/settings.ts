import type { OutputFormat } from './outputFormats';

/** Returns the format of an environment file, INI, TOML, or YAML. Undefined for other texts. */
export function settingsFormat(lines: readonly string[]): OutputFormat | undefined {
  const found = assignmentFormat(lines);
  if (found || !isYaml(lines)) return found;
  // Editors fetch the schema that a YAML file refers to. An escape could spell the name of a schema.
  return lines.some((line) => /\$schema|yaml-language-server|\\/i.test(line)) ? 'preformatted' : 'yaml';
}

const settingLine = /^(?:export )?[\w."-]+ ?=(?!=)/;
const sectionLine = /^\[.*\]$/;
/** Matches a line inside a value of several lines, which begins with a quote, a digit, or a bracket. Also matches a section. */
const valueLine = /^["'\d{}[\]]/;
const tomlSetting = /^[^=]*= ?(?:["'[{]|[-+]?(?:\d|inf\b|nan\b)|(?:true|false)\b)/;

/** Returns the format of assignments. Without sections, each must have the form `KEY=value`, since assignments in code have spaces. */
function assignmentFormat(lines: readonly string[]): 'ini' | 'toml' | undefined {
  const nonblankLines = lines.map((line) => line.trim()).filter((line) => !/^(?:[#;]|$)/.test(line));
  const settings = nonblankLines.filter((line) => settingLine.test(line));
  if (settings.length < 2 || !nonblankLines.every((line) => settingLine.test(line) || valueLine.test(line))) return undefined;
  if (!nonblankLines.some((line) => sectionLine.test(line))) return nonblankLines.some((line) => line.includes(' =')) ? undefined : 'ini';
  // Editors fetch the schema that a TOML file refers to.
  const hasSchema = lines.some((line) => /schema|\\/i.test(line));
  return !hasSchema && settings.every((line) => tomlSetting.test(line)) ? 'toml' : 'ini';
}

/** Whether nearly all lines have keys that are single words and nested or lowercase. Labels such as `Name: value` aren't YAML. */
function isYaml(lines: readonly string[]): boolean {
  let [keys, lower, nested, others] = [0, 0, 0, 0];
  // The indents of a key with a text of several lines, and of a key without a value.
  let blockIndent = Infinity;
  let parentIndent = Infinity;
  for (const line of lines) {
    const indent = line.search(/\S/);
    const isItem = line.startsWith('- ', indent);
    const content = line.slice(isItem ? indent + 2 : indent).trim();
    if (indent > blockIndent || /^(?:$|#|---)/.test(content)) continue;
    if (line.startsWith('\t')) return false;
    if (indent > parentIndent || (indent === parentIndent && isItem)) nested++;
    blockIndent = Infinity;
    parentIndent = Infinity;

    if (/^["']?[\w./${}-]+["']?:(?: |$)/.test(content)) {
      keys++;
      if (/^["']?[a-z]/.test(content)) lower++;
      if (/: [|>][-+]?$/.test(content)) blockIndent = indent;
      if (content.endsWith(':')) parentIndent = indent;
    } else if (!isItem) others++;
  }
  if (keys < 2 || others * 6 > keys) return false;
  return nested > 0 ? lower * 2 >= keys : keys >= 3 && lower === keys;
}
