export const outputFormats = [
  ...['plain', 'preformatted', 'markdown', 'json', 'jsonl', 'csv', 'tsv', 'yaml', 'ini', 'toml', 'html', 'xml', 'svg', 'log', 'diff'],
  ...['python', 'sql', 'shell', 'dockerfile', 'code'],
] as const;

/** An output's format. `plain` is prose or unknown, `preformatted` needs a fixed-width font, `code` is any other programming language. */
export type OutputFormat = (typeof outputFormats)[number];
