import { jsonForReport } from '#core/lib/json';
import type { Inputs } from '#core/starts/attempt';
import { clean } from '#present/cleanText';
import { codeBlock, escapeMarkdown } from '#present/markdown/escapeMarkdown';
import { documentWords } from '#present/words/documentWords';
import { words, type Translate } from '#present/words/words';

/** The maximum number of characters of all names and values in a report. */
const longestInputs = 300_000;

/** Returns a run's inputs as a folded section of the report. Empty if there are no inputs. */
export function reportInputs(inputs: Inputs, t: Translate): readonly string[] {
  const all = Object.entries(inputs);
  if (all.length === 0) return [];
  const shown: string[] = [];
  let left = longestInputs;
  for (const [name, value] of all) {
    const text = exactText(value);
    if (left > 0) shown.push(...input(name, value, text.slice(0, left), t));
    left -= name.length + text.length;
  }
  if (left < 0) shown.push(`<p><em>${escapeMarkdown(t(documentWords.reportInputsCut))}</em></p>`);
  const summary = `<summary>${escapeMarkdown(t(documentWords.reportInputs))}</summary>`;
  // The ID lets the preview keep the section open after an update, like the sections of tasks.
  return [`<details id="inputs:values">${summary}`, ...shown, '</details>'];
}

/** Returns an input as HTML. A long, structured, or unusual value is a code block, which keeps spaces and invisible characters. */
function input(name: string, value: unknown, text: string, t: Translate): readonly string[] {
  const title = `<strong>${escapeMarkdown(clean(name) || '""')}</strong>`;
  const isStructured = typeof value === 'object' && value !== null;
  if (isStructured || clean(text) !== text) return [`<p>${title}</p>`, codeBlock(text, isText(value) ? 'text' : 'json')];
  const html = escapeMarkdown(text);
  return [`<p>${t(words.runAndFacts, title, isText(value) ? html : `<code>${html}</code>`)}</p>`];
}

/** Returns a text unchanged, and any other value as JSON. An empty text would be invisible, so it is JSON, too. */
function exactText(value: unknown): string {
  return isText(value) ? value : jsonForReport(JSON.stringify(value));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
