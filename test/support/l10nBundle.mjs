/**
 * Returns the English bundle. The English text is the key, because `vscode.l10n.t(text)` looks up the plain text. A comment for translators
 * is beside its text.
 * @param {Readonly<Record<string, string>>} texts
 * @param {Readonly<Record<string, string>>} comments By the name of the text.
 * @returns {Record<string, string | { message: string, comment: string[] }>}
 */
export function bundleOf(texts, comments) {
  return Object.fromEntries(
    [...new Set(Object.values(texts))].map((text) => {
      const names = Object.keys(texts).filter((name) => texts[name] === text);
      const comment = [...new Set(names.flatMap((name) => comments[name] ?? []))];
      return [text, comment.length === 0 ? text : { message: text, comment }];
    }),
  );
}
