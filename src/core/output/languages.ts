/** Every language that an output can have. */
export const languages = [
  ...['plain', 'preformatted', 'markdown', 'json', 'jsonl', 'csv', 'tsv', 'yaml', 'ini', 'html', 'xml', 'log', 'diff'],
  ...['python', 'javascript', 'typescript', 'sql', 'shell', 'powershell', 'css', 'java', 'csharp', 'cpp', 'go', 'rust', 'php', 'ruby'],
  ...['dockerfile', 'latex'],
] as const;

/**
 * What an output is: how a report renders it, and the language mode and file ending that it opens with.
 *
 * `plain` is prose whose line ends count. `preformatted` is text that needs a fixed-width font: aligned columns, trees, dumps.
 */
export type Language = (typeof languages)[number];
