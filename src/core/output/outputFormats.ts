export const outputFormats = [
  ...['plain', 'preformatted', 'markdown', 'json', 'jsonl', 'csv', 'tsv', 'yaml', 'ini', 'toml', 'html', 'xml', 'svg', 'log', 'diff'],
  ...['python', 'sql', 'shell', 'dockerfile', 'code'],
] as const;

/** The format of an output. `plain` is prose, `preformatted` needs a fixed-width font, and `code` is any other programming language. */
export type OutputFormat = (typeof outputFormats)[number];
