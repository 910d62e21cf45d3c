import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The beginning of a log entry: time and level. Lines without time and level belong to the previous entry. */
const entry = /^\d{4}-\d\d-\d\d [\d:.]+ (?=\[\w+\])/m;
/** VS Code logs this when a window closes while a request is in progress. */
const canceled = /\bCanceled(: Canceled)?\s*$/;
/** VS Code logs this when a command throws an error to its caller. The extension logs unexpected errors of its commands. */
const thrownToCaller = / [\w.]+ \{"value":"[^"]+","_lower":"[^"]+"\}\s*$/;
/** VS Code logs this when it reveals a row while it redraws the tree. The row is shown anyway. */
const rowRegisteredTwice = /^\[error\] Error: Element with id .* is already registered$/m;
/** VS Code logs this when it reveals a row that was replaced meanwhile. */
const rowReplaced = /^\[error\] (?:\[TreeView:[\w.]+\] Failed to resolve tree node|Error: Cannot resolve tree item) for element /;
const ignored = [canceled, thrownToCaller, rowRegisteredTwice, rowReplaced];

/**
 * Returns an extension's errors in the logs of a data folder, including unhandled rejections. Includes all error entries of the extension's
 * own channels. Includes the error entries of other logs only if they contain the extension's name or folder.
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
