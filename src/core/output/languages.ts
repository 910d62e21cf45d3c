/** Every language that an output can have. */
export const languages = [
  ...['plain', 'preformatted', 'markdown', 'json', 'jsonl', 'csv', 'tsv', 'yaml', 'ini', 'toml', 'html', 'xml', 'svg', 'log', 'diff'],
  ...['python', 'sql', 'shell', 'dockerfile', 'code'],
] as const;

/**
 * The language of an output. The language determines the rendering in a report, the language mode, and the file extension.
 *
 * `plain` is prose whose line ends count. `preformatted` is text that needs a fixed-width font: aligned columns, trees, dumps. `code` is
 * source code in any language without a kind of its own.
 */
export type Language = (typeof languages)[number];
