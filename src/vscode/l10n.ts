import vscode = require('vscode');
import { dateFormat } from '#present/times';
import { valueFormat } from '#present/valueFormat';
import type { Translate } from '#present/words/words';

export const formatDate = dateFormat(vscode.env.language);

const formatValue = valueFormat(vscode.env.language);

const known = new Map<string, string>();

/** Translates with VS Code's `l10n.t`. Caches texts without values, because thousands of rows use them. */
export const t: Translate = (text, ...values) => {
  if (values.length > 0) return vscode.l10n.t(text, ...values.map(formatValue));
  const translated = known.get(text) ?? vscode.l10n.t(text);
  known.set(text, translated);
  return translated;
};
