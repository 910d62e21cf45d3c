import type { DeploymentUrl } from '#core/kickoff/deployment';
import { canonicalUrl, isDashboard } from '#core/kickoff/deploymentUrl';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { defined } from '#core/lib/defined';
import { trimEnd } from '#core/lib/trimEnd';
import type { Inputs } from '#core/starts/attempt';
import { curlInputs } from './curlInputs';
import { bareIdsIn, completeId, uuidSource, type FoundId } from './bareIds';
import { deploymentsIn } from './envFile';
import { labeledIdsIn, responseIdsIn } from './labeledIds';
import { withLineBreaks, maskSecrets, secretWordSource, tokensIn, type PastedToken } from './pastedTokens';
import { deploymentUrlsIn, idInStatusUrl } from './statusUrls';
import { unescapeText } from './unescape';

/** A run in a pasted text, with its deployment's URL if the text contains the URL. */
export interface PastedRun {
  readonly id: KickoffId;
  readonly url?: DeploymentUrl;
  /** The text around the ID, without secrets. Only uncertain runs have a context, since the user must confirm them. */
  readonly context?: string;
  /** The inputs in the command that started the run. */
  readonly inputs?: Inputs;
}

/** The result of parsing a pasted text. The flags decide what the user must confirm or select. */
export interface ParsedPaste {
  readonly runs: readonly PastedRun[];
  readonly tokens: readonly PastedToken[];
  /** Whether the user doesn't have to confirm the runs. */
  readonly isCertain: boolean;
  /** Whether the user probably means all runs, for example because the text contains nothing but IDs. */
  readonly areAllMeant: boolean;
  /** Whether the text contains several deployments, so that the deployment of runs without a URL is unclear. */
  readonly isDeploymentUnclear: boolean;
}

/** The maximum length of a text to parse, in characters. A paste of this length takes a tenth of a second. */
export const maxPasteLength = 200_000;

/** The reason why a pasted text has no run to track, as the name of the message to show. */
type PasteProblem = 'pasteTooLong' | 'pasteDashboard' | 'kickoffIdCut' | 'kickoffIdWrong';

/** Parses the text in the box for a kickoff ID. Returns the problem instead if the text contains no kickoff ID, or is too long. */
export function pasteOrProblem(
  text: string,
): { readonly paste: ParsedPaste; readonly problem?: never } | { readonly problem: PasteProblem } {
  if (text.length > maxPasteLength) return { problem: 'pasteTooLong' };
  const paste = parsePaste(text);
  if (paste.runs.length > 0) return { paste };
  if (dashboardUrlPattern.test(text)) return { problem: 'pasteDashboard' };
  return { problem: truncatedIdPattern.test(text) ? 'kickoffIdCut' : 'kickoffIdWrong' };
}

/** Finds the runs and tokens in any text. If any ID is certain, ignores the uncertain IDs. */
export function parsePaste(text: string): ParsedPaste {
  const plainText = unescapeText(text);
  const tokens = tokensIn(plainText);
  const urls = deploymentUrlsIn(plainText);
  const namedIds = [
    ...urls.flatMap(({ id, ...rest }) => (id ? [{ id, ...rest }] : [])),
    ...labeledIdsIn(plainText),
    ...responseIdsIn(plainText),
    ...wholeId(plainText),
  ];
  const certainIds = namedIds.filter(({ isCertain }) => isCertain);
  const foundIds = certainIds.length > 0 ? certainIds : [...namedIds, ...bareIdsIn(plainText)];
  const secrets = new Set(tokens.map(({ value }) => value));
  const nonSecretIds = foundIds.filter(({ id }) => !secrets.has(id));

  const baseUrls = new Set([...urls.flatMap(({ url }) => url ?? []), ...deploymentsIn(withLineBreaks(plainText)).map(({ url }) => url)]);
  const isDeploymentUnclear = baseUrls.size > 1;
  const runs = uniqueRuns(nonSecretIds, isDeploymentUnclear ? undefined : [...baseUrls][0]);
  const hasUnclearRuns = isDeploymentUnclear && runs.filter(({ url }) => !url).length > 1;
  const isCertain = certainIds.length > 0 && nonSecretIds.length === foundIds.length && !hasUnclearRuns;
  const isList = !/[\p{L}\p{N}]/u.test(plainText.replaceAll(new RegExp(uuidSource, 'gi'), ''));
  const maskedText = isCertain || isList ? '' : maskSecrets(plainText, tokens);
  return {
    runs: runs.map(({ id, url, offset }) => ({
      id,
      ...(url && { url }),
      ...(maskedText !== '' && { context: contextAt(maskedText, offset, id.length) }),
      ...defined({ inputs: isCertain && runs.length === 1 ? curlInputs(text, id) : undefined }),
    })),
    tokens,
    isCertain,
    areAllMeant: isList || hasUnclearRuns,
    isDeploymentUnclear,
  };
}

/** Returns the run in a text from another extension. The text must contain a single certain run, or be a status URL. */
export function runFromExtension(text: string): PastedRun | undefined {
  const { runs, isCertain } = parsePaste(text);
  const [run, ...others] = runs;
  if (run && isCertain && others.length === 0) return run;
  const url = /^https?:\/\//i.test(text.trim()) ? canonicalUrl(text) : undefined;
  const id = idInStatusUrl(text.trim().replace(/[?#].*/s, ''));
  return id && url && !isDashboard(url) ? { id, url } : undefined;
}

export type LineRun = PastedRun & Pick<FoundId, 'offset'>;

/** The maximum length of a line to search, because VS Code requests the links of each line under the pointer. */
const maxLineLength = 4_000;

/** Finds IDs labeled as kickoff IDs. Other UUIDs are common in terminals, and VS Code makes links of URLs. */
export function runsInLine(line: string): readonly LineRun[] {
  if (line.length > maxLineLength || !/kick/i.test(line)) return [];
  const labeledIds = labeledIdsIn(line).filter(({ isCertain }) => isCertain);
  const runs = labeledIds.length > 0 ? parsePaste(line).runs : [];
  return labeledIds.flatMap(({ id, offset }) => {
    const run = runs.find((one) => one.id === id);
    return run ? [{ id, offset, ...(run.url && { url: run.url }) }] : [];
  });
}

/** Matches the URL of the AMP dashboard. People sometimes paste the dashboard's URL instead of a deployment's URL. */
export const dashboardUrlPattern = /(?<![\w.-])app\.crewai\.com(?![\w-]|\.\w)/i;

/** Matches a truncated UUID. Tables and logs often truncate UUIDs. */
export const truncatedIdPattern = /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f-]{0,26}(?:\.{2}|…|["'\s]|$)|\.{2}|…)/i;

const wholeUuidPattern = new RegExp(`^(?:urn:uuid:)?(${uuidSource})[.:!?]*$`, 'i');

/** Matches texts that are more likely a token or the start of an ID than a kickoff ID. */
const tokenLikePattern = new RegExp(
  [
    '[0-9a-f]{8}|(?=\\d*[a-f])[0-9a-f]{10,15}|[0-9a-f]{16,}|(?=[a-z]*\\d)(?=\\d*[a-z])[a-z\\d]{12}',
    '(?=[a-z]*\\d)(?=\\d*[a-z])[a-z\\d.~+/=]{20,}|(?=.{10})(?:[a-z]+\\d+){3,}[a-z]*|(?=.{10})(?:\\d+[a-z]+){3,}\\d*',
    'ey[a-z\\d]{8,}[\\w.-]*|(?:pat|[sr]k|pk|key|tok(?:en)?|secret|api|gh[oprsu]|glpat|xox[a-z]|hf)[_-].*',
    '(?=.{12})(?:github_pat|npm|pypi|whsec|xapp|lin_api|dop_v1|bearer|crewai|crw)[_-].*',
    `[\\w-]*(?:${secretWordSource})[:=].*`,
  ]
    .map((pattern) => `^(?:${pattern})$`)
    .join('|'),
  'i',
);

/** Matches random texts such as URL-safe Base64. */
const randomTextPattern = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w.~-]{22,}$|^(?=.*[a-z])(?=.*[A-Z])[A-Za-z]{20,}$/;

const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Returns the ID if the text contains nothing else. An ID that may be a token isn't certain. */
function wholeId(plainText: string): readonly FoundId[] {
  const text = trimEnd(plainText.replace(/^[\s"'`“‘<({[]+/, ''), /[\s"'`”’>)}\],;]/);
  const uuid = kickoffId(wholeUuidPattern.exec(text)?.[1] ?? '');
  if (uuid) return [{ offset: plainText.indexOf(uuid), id: uuid, isCertain: true }];
  const id = completeId(text);
  if (!id || /\.crewai\.com$/i.test(id)) return [];
  const trimmedId = trimEnd(id, /[.:!?~-]/);
  const isDoubtful = tokenLikePattern.test(trimmedId) || randomTextPattern.test(trimmedId) || new RegExp(uuidSource).test(id);
  return [{ offset: plainText.indexOf(id), id, isCertain: ulidPattern.test(id) || !isDoubtful }];
}

/** Returns each pair of ID and URL once. If one of an ID's occurrences has a URL, drops those without. Otherwise, the ID gets `onlyUrl`. */
function uniqueRuns(found: readonly FoundId[], onlyUrl: DeploymentUrl | undefined): readonly FoundId[] {
  const inOrder = found.toSorted((one, other) => one.offset - other.offset);
  return [...Map.groupBy(inOrder, ({ id }) => id).values()].flatMap((sameIdRuns) => {
    const runs = [...Map.groupBy(sameIdRuns, ({ url }) => url).values()].flatMap(([first]) => first ?? []);
    const withUrl = runs.filter(({ url }) => url);
    return withUrl.length > 0 ? withUrl : runs.map((run) => ({ ...run, ...(onlyUrl && { url: onlyUrl }) }));
  });
}

/** The maximum number of characters shown on each side of an ID, so that the line fits into a quick pick. */
const maxContextSideLength = 30;

/** Returns the line around an ID. Omits words that don't fit completely, such as the rest of another ID. */
function contextAt(maskedText: string, idOffset: number, idLength: number): string {
  const [start, end] = [Math.max(0, idOffset - maxContextSideLength), idOffset + idLength];
  const before = maskedText.slice(start, idOffset).replace(/^.*[\r\n]/s, '');
  const [after = ''] = maskedText.slice(end, end + maxContextSideLength).split(/[\r\n]/, 1);
  const [isStartCut, isEndCut] = [before.length === maxContextSideLength, after.length === maxContextSideLength];
  const sides = [isStartCut ? before.replace(/^\S*\s+/, '') : before, isEndCut ? after.replace(/\s+\S*$/, '') : after] as const;
  const line = sides.join(maskedText.slice(idOffset, end)).replace(/•+/g, '•••').trim();
  return (isStartCut ? '…' : '') + line + (isEndCut ? '…' : '');
}
