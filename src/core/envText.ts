/** No environment file is longer. */
export const longestEnvFile = 1_000_000;

/** The text of a file, in UTF-8 or as Windows PowerShell writes it; undefined when it is none. */
export function envText(bytes: Uint8Array): string | undefined {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  return text.includes('\0') ? undefined : text;
}
