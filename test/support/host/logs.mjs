import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** An entry begins with a time and its level; what follows on lines of its own belongs to it. */
const entry = /^\d{4}-\d\d-\d\d [\d:.]+ (?=\[\w+\])/m;
/** How VS Code says that a window went while something was under way. */
const canceled = /\bCanceled(: Canceled)?\s*$/;
/** What a command threw at its caller VS Code writes down too, after it the command and its extension; whether it was a mistake, that one's own log says. */
const thrownToCaller = / [\w.]+ \{"value":"[^"]+","_lower":"[^"]+"\}\s*$/;
/** VS Code says so when a row is to be shown at the moment at which its list is drawn again; the row is there all the same. */
const rowRegisteredTwice = /^\[error\] Error: Element with id .* is already registered$/m;
/** And when that list is another one by then. */
const rowReplaced = /^\[error\] (?:\[TreeView:[\w.]+\] Failed to resolve tree node|Error: Cannot resolve tree item) for element /;
const ignored = [canceled, thrownToCaller, rowRegisteredTwice, rowReplaced];

/**
 * What the logs below a data folder say of an extension's errors, rejections that nobody handled among them: all entries of its own channels of that level,
 * and those of the extension hosts and the server that name it.
 *
 * @param {string} dataDir
 * @param {RegExp} extension Matches whatever names it, its folder in a stack among them.
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
