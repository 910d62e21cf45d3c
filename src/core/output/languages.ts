/** Every language that an output can have. */
export const languages = [
  ...['plain', 'preformatted', 'markdown', 'json', 'jsonl', 'csv', 'tsv', 'yaml', 'ini', 'html', 'xml', 'log', 'diff'],
  ...['python', 'javascript', 'typescript', 'sql', 'shell', 'powershell', 'css', 'java', 'csharp', 'cpp', 'go', 'rust', 'php', 'ruby'],
  ...['dockerfile', 'latex'],
] as const;

/**
 * The language of an output. The language determines the rendering in a report, the language mode, and the file extension.
 *
 * `plain` is prose whose line ends count. `preformatted` is text that needs a fixed-width font: aligned columns, trees, dumps.
 */
export type Language = (typeof languages)[number];
