import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The beginning of a log entry: time and level. Lines without it belong to the entry before. */
const entry = /^\d{4}-\d\d-\d\d [\d:.]+ (?=\[\w+\])/m;
/** VS Code logs this when a window closes while a request is in progress. */
const canceled = /\bCanceled(: Canceled)?\s*$/;
/** VS Code also logs errors that a command threw to its caller, with the command and its extension. The extension logs unexpected ones itself. */
const thrownToCaller = / [\w.]+ \{"value":"[^"]+","_lower":"[^"]+"\}\s*$/;
/** VS Code logs this when it reveals a row while it redraws the tree. The row is shown anyway. */
const rowRegisteredTwice = /^\[error\] Error: Element with id .* is already registered$/m;
/** VS Code logs this when it reveals a row that was replaced meanwhile. */
const rowReplaced = /^\[error\] (?:\[TreeView:[\w.]+\] Failed to resolve tree node|Error: Cannot resolve tree item) for element /;
const ignored = [canceled, thrownToCaller, rowRegisteredTwice, rowReplaced];

/**
 * Returns an extension's errors in the logs of a data folder, including unhandled rejections: all error entries of the extension's own channels,
 * and all error entries of the extension hosts and the server that name the extension.
 *
 * @param {string} dataDir
 * @param {RegExp} extension Matches the extension's name and its folder in stack traces.
 * @returns {string[]}
 */
export function errorsIn(dataDir, extension) {
  const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'));
  return files.flatMap((file) => {
    const isOwn = extension.test(path.basename(path.dirname(file)));
    const errors = readFileSync(path.join(dataDir, file), 'utf8')
      .split(entry)
      .filter((text) => text.startsWith('[error]') && (isOwn || extension.test(text)));
    return errors.filter((text) => !ignored.some((words) => words.test(text))).map((text) => text.trim());
  });
}
