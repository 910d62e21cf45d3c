import type { OutputFormat } from './outputFormats';

/** The rules that recognize source code in one format. Lines are compared without their indentation. */
interface Syntax {
  readonly format: OutputFormat;
  /** At least one line that isn't a comment must match. */
  readonly requiredPattern: RegExp;
  /** Words that begin lines. The syntax with the most such lines wins; at a tie, the first in `syntaxes`. */
  readonly keywords: ReadonlySet<string>;
  readonly commentPattern: RegExp;
}

/** Matches lines that begin with a declaration or import in many languages, such as `pub async fn`, or with a PowerShell command. */
const declarationPattern =
  /^(?:(?:pub |async |export |default )*(?:function|fn|func|interface|type|enum|struct|trait|impl|namespace|class|module|def|package|public|private|protected|abstract|declare|using|const|async)|require|attr_\w+|#include|#define|(?:Get|Set|New|Remove|Write|Import|Invoke|Start|Stop)-[A-Z]\w*)\b/;

/** Matches lines with signs or calls that are rare outside of code. */
const codeSignPattern =
  /^(?:<\?php|param\(|(?:let|var) .* = |(?:int|void) main\(|[\w-]+: .*;$)|=>|: (?:string|number|boolean|void|Promise<)|require\(|module\.exports|console\.|System\.out\.|Console\.Write|println!|std::| do \||: .*; \}$|\\(?:documentclass|usepackage|begin\{document\}|section)| from ['"]/;

/** The syntaxes of languages with a format of their own, and of other languages as `code`. */
const syntaxes: readonly Syntax[] = [
  toSyntax(
    'python',
    /^(?:def |async def |class |import |from .* import |if __name__|print\()/,
    /^#/,
    'def class import from if elif else for while with try except finally return yield raise assert pass print self async await',
  ),
  toSyntax(
    'sql',
    /^(?:SELECT|select|INSERT INTO|insert into|UPDATE|DELETE FROM|CREATE|create table|ALTER TABLE|DROP|WITH)(?: |$)|PRIMARY KEY|NOT NULL/,
    /^(?:--|\/\*|\*)/,
    `SELECT FROM WHERE JOIN LEFT RIGHT INNER OUTER FULL CROSS GROUP ORDER HAVING LIMIT VALUES UNION AND OR ON SET INSERT UPDATE DELETE
     CREATE ALTER DROP WITH BEGIN COMMIT END PRIMARY FOREIGN CONSTRAINT RETURNING CASE WHEN ELSE
     select from where join left inner group order limit values insert create`,
  ),
  toSyntax(
    'shell',
    /^(?:sudo|export|npm|npx|pip|pip3|git|docker|kubectl|curl|cd|mkdir|echo|apt|apt-get|brew|chmod|source|aws|gcloud|terraform|helm|yarn|pnpm|uv|crewai|python|python3|node|set|if \[|while read) |; do$/,
    /^#/,
    `sudo export npm npx pip pip3 git docker kubectl curl wget cd mkdir rm cp mv cat echo printf apt apt-get brew chmod chown source aws
     gcloud az terraform helm yarn pnpm uv crewai python python3 node set read local exit if then elif else fi for do done while case esac`,
  ),
  toSyntax('dockerfile', /^FROM /, /^#/, 'FROM RUN COPY WORKDIR ENV CMD ENTRYPOINT EXPOSE ARG ADD USER LABEL VOLUME HEALTHCHECK'),
  toSyntax(
    'code',
    new RegExp(`${declarationPattern.source}|${codeSignPattern.source}`),
    /^(?:\/\/|\/\*|\*|#(?!include|define|\[)|%)/,
    `if else for while switch case try catch finally return throw const let var function class import export async await module console this
     super interface type enum namespace declare abstract private public protected internal readonly static final override virtual package
     record foreach using System Console func defer fmt pub use mod impl fn match struct trait println #include int void double float bool
     auto std printf def end require attr_reader attr_accessor puts unless elsif echo param \\documentclass \\usepackage \\title \\author
     \\maketitle \\begin \\end \\section \\subsection \\item \\label`,
  ),
];

function toSyntax(format: OutputFormat, requiredPattern: RegExp, commentPattern: RegExp, keywords: string): Syntax {
  return { format, requiredPattern, commentPattern, keywords: new Set(keywords.split(/\s+/)) };
}

/** Matches lines that are statements in most languages: assignments, and lines that end or begin with certain signs, such as `;` or `}`. */
const statementPattern = /[;{}()]$|^[)}\]@"<]| = /;

/** Matches docstrings. The last one may be cut off. */
const docstringPattern = /"""[^]*?"""|^[bfru]{0,2}"""[^]*$(?![^])/gim;

/** Returns the format of source code, or undefined. Takes trimmed, nonblank lines. Ignores comments and docstrings, which contain prose. */
export function codeFormat(nonblankLines: readonly string[]): OutputFormat | undefined {
  // A line that ends with `\` continues in the next line.
  const lines = nonblankLines
    .join('\n')
    .replace(docstringPattern, '"""')
    .split(/(?<!\\)\n/);
  const candidates = syntaxes
    .map((syntax) => ({ syntax, statements: lines.filter((line) => !syntax.commentPattern.test(line)) }))
    .filter(({ syntax, statements }) => statements.some((line) => syntax.requiredPattern.test(line)))
    .map(({ syntax, statements }) => ({ syntax, statements, count: statements.filter((line) => beginsWithKeyword(line, syntax)).length }));
  const [bestCandidate] = candidates.toSorted((one, other) => other.count - one.count);
  return bestCandidate && isCode(lines, bestCandidate.statements, bestCandidate.syntax) ? bestCandidate.syntax.format : undefined;
}

function isCode(lines: readonly string[], statements: readonly string[], syntax: Syntax): boolean {
  if (isSentence(lines[0], syntax) || isSentence(lines.at(-1), syntax)) return false;
  const untypicalLines = statements.filter((line) => !isTypical(line, syntax));
  const typicalCount = statements.length - untypicalLines.length;
  if (typicalCount < 3) return untypicalLines.length === 0;
  return typicalCount * 3 >= statements.length && untypicalLines.filter(isProse).length * 5 <= statements.length;
}

function isTypical(line: string, syntax: Syntax): boolean {
  return beginsWithKeyword(line, syntax) || syntax.requiredPattern.test(line) || statementPattern.test(line);
}

function beginsWithKeyword(line: string, { keywords }: Syntax): boolean {
  const [word] = /[^\s(){}[\].:;,!]+/.exec(line) ?? [];
  return word !== undefined && keywords.has(word);
}

/** Whether the first or last line of a text is a sentence before or after the code. */
function isSentence(line = '', syntax: Syntax): boolean {
  return !isTypical(line, syntax) && !syntax.commentPattern.test(line) && /^\p{Lu}.* .*[.:!?]$/u.test(line);
}

/** Whether a line is a sentence or a part of a sentence. Such a line has at least four words, and little punctuation of code. */
export function isProse(line: string): boolean {
  const wordCount = line.match(/[\p{L}\p{M}'’]+/gu)?.length ?? 0;
  const signCount = line.match(/[{}()[\];=<>_$\\|]/g)?.length ?? 0;
  return wordCount >= 4 && signCount * 5 <= wordCount;
}
