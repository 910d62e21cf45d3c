import vscode = require('vscode');
import { valueFormat } from '#present/valueFormat';
import type { Translate } from '#present/words/words';

const formatValue = valueFormat(vscode.env.language);

const translations = new Map<string, string>();

/** Translates with VS Code's `l10n.t`, and formats values. Caches translations without values, because thousands of rows use them. */
export const t: Translate = (text, ...values) => {
  if (values.length > 0) return vscode.l10n.t(text, ...values.map(formatValue));
  const translation = translations.get(text) ?? vscode.l10n.t(text);
  translations.set(text, translation);
  return translation;
};
