import type { Language } from './languages';

/** Patterns that identify source code of one language. */
interface Syntax {
  readonly language: Language;
  /** At least one line that isn't a comment must match. */
  readonly required: RegExp;
  /** Matches lines that are typical of this language and rare in prose. */
  readonly typical: RegExp;
  /** Matches the beginning of a comment line. */
  readonly comment: RegExp;
}

const slashes = /^\s*(?:\/\/|\/\*|\*)/;
const hash = /^\s*#/;

const javaScript =
  /^\s*(?:export\s+)?(?:default\s+)?(?:(?:const|let|var)\s+[\w${[][^=]*=|(?:async\s+)?function\b|class \w+.*\{|import\b.*['"];?$)|=>|\brequire\(|^\s*\}?\s*(?:if|for|while|switch|catch|else if)\s*\(.*\{|^\s*(?:return|throw|await|this\.|super\()\b.*;$|module\.exports|console\.\w+\(/;

const syntaxes: readonly Syntax[] = [
  {
    language: 'python',
    required:
      /^\s*(?:(?:async\s+)?def \w+\(|class \w+.*:\s*$|(?:from [\w.]+ )?import \w|if __name__|for \w+(?:, ?\w+)* in .*:\s*$|print\()/,
    typical:
      /^\s*(?:(?:async\s+)?def \w+\(|class \w+.*:\s*$|from [\w.]+ import |import [\w.]+(?: as \w+)?(?:,\s*\w+)*\s*$|(?:if|elif|for|while|with|try|except|else|finally)\b(?:[^.]|\.\w)*:\s*(?:#.*)?$|@\w+|(?:return|yield|raise|assert)\b|print\(|self\.|\w[\w.]*(?:\[.*\])?(?:\s*:\s*[\w[\], .|]+)? [+\-*/]?= .*[^;{,]$|"""|pass$)/,
    comment: hash,
  },
  {
    language: 'typescript',
    required:
      /^\s*(?:export\s+)?(?:declare\s+|abstract\s+)?(?:interface|type|enum|namespace)\s+\w+.*[{=]|[\w)\]]\??:\s*(?:string|number|boolean|void|unknown|Promise<\w|readonly )|^\s*import type\b/,
    typical: new RegExp(
      `${javaScript.source}|^\\s*\\}\\)?;?$|^\\s*(?:export\\s+)?(?:interface|type|enum|declare|namespace|abstract)\\s+\\w+|[\\w)\\]]\\??:\\s*(?:string|number|boolean|void|unknown|Promise<|readonly )|^\\s*(?:private|public|protected|readonly|static)\\s`,
    ),
    comment: slashes,
  },
  { language: 'javascript', required: javaScript, typical: new RegExp(`${javaScript.source}|^\\s*\\}\\)?;?$`), comment: slashes },
  {
    language: 'sql',
    required:
      /^\s*(?:SELECT\b|select\s.+\sfrom\s|INSERT\s+INTO\b|insert into\b|UPDATE\s+\S+|DELETE\s+FROM\b|CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP\w*\s+)?(?:TABLE|VIEW|INDEX|UNIQUE|FUNCTION|MATERIALIZED|PROCEDURE)\b|create table\b|ALTER\s+TABLE\b|DROP\s+(?:TABLE|VIEW|INDEX)\b|WITH\s+\w+\s+AS\b|select\s*$)/,
    typical:
      /^\s*\)?,?\s*(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE|ALTER\s+TABLE|DROP|WITH\s+\w+\s+AS|FROM|(?:(?:LEFT|RIGHT|INNER|OUTER|FULL|CROSS)\s+)*JOIN|WHERE|GROUP\s+BY|ORDER\s+BY|HAVING|LIMIT|VALUES|UNION|AND|OR|ON|SET|BEGIN|COMMIT|END|PRIMARY\s+KEY|FOREIGN\s+KEY|CONSTRAINT|RETURNING|CASE|WHEN|ELSE|select|from|where|(?:left |inner )?join|group by|order by|insert into|create table)\b|\b(?:VARCHAR|INTEGER|BIGINT|TIMESTAMP|NOT NULL|COUNT\(|SUM\(|AVG\()|;\s*$/,
    comment: /^\s*(?:--|\/\*|\*)/,
  },
  {
    language: 'shell',
    required:
      /^#!.*sh\b|^\s*(?:sudo|export \w+=|npm|npx|pip3?|git|docker|kubectl|curl|cd|mkdir|echo|apt(?:-get)?|brew|chmod|source|aws|gcloud|terraform|helm|yarn|pnpm|uv|crewai|python3?|node|set -[euox]|if \[|for \w+ in|while)\b/,
    typical:
      /^#!|^\s*(?:sudo|export|npm|npx|pip3?|git|docker|kubectl|curl|wget|cd|mkdir|rm|cp|mv|cat|echo|printf|apt(?:-get)?|brew|chmod|chown|source|aws|gcloud|az|terraform|helm|yarn|pnpm|uv|crewai|python3?|node|set|read|local|exit|then|else|fi|do|done|esac|if \[|elif \[|for \w+ in|while|case)\b(?![,.:] )|^\s*\w+=["'$(\w]|\$\{?\w+|\\$|^\s*-{1,2}\w[\w-]*[ =]|^\w+\(\) ?\{|^\s*\}$/,
    comment: hash,
  },
  {
    language: 'java',
    required:
      /^\s*(?:public|private|protected)\s+(?:static\s+|final\s+|abstract\s+)*[\w<>[\], ]+\s+\w+\s*\(|^package [\w.]+;|System\.out\.|^\s*public (?:final |abstract )?(?:class|interface|enum|record) \w+/,
    typical:
      /^\s*(?:public|private|protected|static|final|abstract)\s|^package [\w.]+;|^import (?:static )?[\w.*]+;|System\.out|^\s*@\w+|^\s*(?:return|throw|this\.|super)\b.*;$|^\s*\}?\s*(?:if|for|while|switch|catch|else|try|finally)\b.*\{|^\s*[\w<>[\], ]+ \w+ = .*;$|^\s*\}$|\);$/,
    comment: slashes,
  },
  {
    language: 'csharp',
    required: /^using [\w.]+;|^namespace [\w.]+|Console\.Write|\{ get; /,
    typical:
      /^using [\w.]+;|^namespace |^\s*(?:public|private|protected|internal|static|override|virtual|async|var)\s|\{ get; |Console\.|^\s*[{}]$|^\s*(?:return|throw|await)\b.*;$|^\s*\}?\s*(?:if|for|foreach|while|switch|catch|else|try)\b|;$/,
    comment: slashes,
  },
  {
    language: 'go',
    required: /^package \w+$|^func (?:\(\w+ \*?\w+\) )?\w+\(/,
    typical:
      /^package \w+$|^func |:=|^import |^\s*"[\w/.-]+"$|fmt\.|^\s*if .* \{$|^\s*for .*\{$|^type \w+ |^\s*return\b|^\s*\}|^\s*\w+\.\w+\(.*\)$|^\s*defer /,
    comment: slashes,
  },
  {
    language: 'rust',
    required: /^\s*(?:pub(?:\(\w+\))? )?(?:async )?fn \w+|^\s*impl\b.*\{|println!\(|^\s*pub (?:struct|enum|trait) \w+/,
    typical: /^\s*(?:pub|use|mod|impl|fn|let|match|struct|enum|trait)\b|println!|^\s*#\[|-> |\) => |^\s*[\w:]+!?\(.*\);?$|^\s*\}[,;)]*$|;$/,
    comment: slashes,
  },
  {
    language: 'cpp',
    required: /^\s*#include\s*[<"]|\bstd::\w|^(?:int|void) main\(/,
    typical:
      /^\s*#\w+|std::|^\s*(?:int|void|double|float|char|bool|auto|long|size_t|const|struct|class|return|using)\b.*[;{]$|^\s*\}?\s*(?:if|for|while|switch|else)\b.*[{;]|;$|^\s*[{}];?$|printf\(/,
    comment: slashes,
  },
  {
    language: 'php',
    required: /^<\?php\b/,
    typical: /^<\?php|\$\w+|->\w+|^\s*(?:function|echo|return|namespace|use|class|public|private)\b|^\s*[{}]/,
    comment: /^\s*(?:\/\/|\/\*|\*|#)/,
  },
  {
    language: 'ruby',
    required: /^\s*(?:def [\w?!.]+(?:\(.*\))?$|class \w+(?: < [\w:]+)?$|module \w+$|require ['"]|attr_\w+ :)|\bdo \|\w+/,
    typical:
      /^\s*(?:def |class \w+|module \w+|end\b|require |attr_\w+ |puts |if |unless |return |else$|elsif )|\bdo(?: \|.*\|)?$|\.each\b|@\w+|\w = /,
    comment: hash,
  },
  {
    language: 'css',
    required: /^\s*[\w-]+\s*:\s*[^;{}]+;\s*(?:\/\*.*\*\/)?$|^[.#@]?[\w\s.#:,>-]+\{[^"']*:[^"']*;\s*\}\s*$/,
    typical: /^\s*(?:[.#@:*&]?[\w-][^{};]*\{|[\w-]+\s*:\s*[^;{}]+;|\})|^[.#]?[\w-]+,$/,
    comment: /^\s*(?:\/\*|\*|\/\/)/,
  },
  {
    language: 'dockerfile',
    required: /^FROM \S+(?: AS \w+)?$/i,
    typical: /^(?:FROM|RUN|COPY|WORKDIR|ENV|CMD|ENTRYPOINT|EXPOSE|ARG|ADD|USER|LABEL|VOLUME|HEALTHCHECK)\s|\\$|^\s+\S/,
    comment: hash,
  },
  {
    language: 'latex',
    required: /^\s*\\(?:documentclass|usepackage|begin\{document\}|section\*?\{)/,
    typical: /\\[a-zA-Z]+/,
    comment: /^\s*%/,
  },
  {
    language: 'powershell',
    required:
      /^\s*(?:param\s*\(|\$\w+\s*=\s*(?:Get|New|Import|Invoke)-\w+|(?:Get|Set|New|Remove|Write|Invoke|Import|Install|Start|Stop)-[A-Z]\w+\b)/,
    typical: /^\s*(?:param\s*\(|[A-Z]\w+-[A-Z]\w+|\}?\s*(?:if|foreach|else|try|catch|function)\b)|\$\w+|^\s*[{})]/,
    comment: hash,
  },
];

/** The minimum share of lines that are typical of a language. */
const leastTypical = 0.3;
/** The maximum share of lines that are sentences, and not typical of the language. */
const mostProse = 0.2;

/** The evidence for source code: its language, and whether the whole text is code or only a part of it. */
export interface Code {
  readonly language: Language;
  readonly isWhole: boolean;
}

/** Returns the programming language of a text from its nonblank lines; `undefined` if there isn't enough evidence for any language. */
export function codeIn(lines: readonly string[]): Code | undefined {
  let best: { readonly syntax: Syntax; readonly typical: number } | undefined;
  for (const syntax of syntaxes) {
    if (!lines.some((line) => !syntax.comment.test(line) && syntax.required.test(line))) continue;
    const typical = lines.filter((line) => !syntax.comment.test(line) && syntax.typical.test(line)).length;
    if (typical > (best?.typical ?? 0)) best = { syntax, typical };
  }
  if (!best) return undefined;

  const { syntax, typical } = best;
  const statements = withoutComments(lines, syntax.comment);
  const sentences = statements.filter(isProse);
  const prose = sentences.filter((line) => !syntax.typical.test(line)).length;
  const isWhole =
    prose <= mostProse * statements.length &&
    sentences.length * 2 <= statements.length &&
    !isSpoken(lines[0], syntax) &&
    !isSpoken(lines.at(-1), syntax) &&
    typical >= leastTypical * statements.length &&
    (typical >= 3 || (typical >= 1 && prose === 0 && hasCodeMarks(statements)));
  return isWhole || (typical >= 4 && typical > prose) ? { language: syntax.language, isWhole } : undefined;
}

/** Whether the first or last line of a text is a sentence before or after the code. */
function isSpoken(line = '', { typical, comment }: Syntax): boolean {
  return !typical.test(line) && !comment.test(line) && /^\s*\p{Lu}.*\p{L} .*\p{L}.*[.:!?]\s*$/u.test(line);
}

/**
 * Whether each line contains punctuation of code or a known command. A text with fewer than three typical lines needs this evidence too.
 */
function hasCodeMarks(lines: readonly string[]): boolean {
  return lines.every((line) => /[;={}()[\]$|]|^\s*[a-z]+ -|^(?:npm|pip3?|git|docker|uv|crewai) \w/.test(line));
}

/** Drops comment lines and docstrings, because they can contain prose. */
function withoutComments(lines: readonly string[], comment: RegExp): readonly string[] {
  let isInString = false;
  return lines.filter((line) => {
    const quotes = line.split('"""').length - 1;
    const wasInString = isInString;
    if (quotes % 2 === 1) isInString = !isInString;
    return !wasInString && quotes === 0 && !comment.test(line);
  });
}

/** Whether a line is a sentence or a part of a sentence. Such a line has at least four words, and little punctuation of code. */
export function isProse(line: string): boolean {
  const words = line.match(/[\p{L}\p{M}'’]+/gu)?.length ?? 0;
  const marks = line.match(/[{}()[\];=<>_$\\|]/g)?.length ?? 0;
  return words >= 4 && marks * 5 <= words;
}
