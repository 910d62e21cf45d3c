import { bareIn } from './captureBare';
import { marksIn } from './captureMarks';
import { routesIn, type PlacedRoute } from './captureRoutes';
import { isCutUuid, isStandIn, undisguised } from './captureText';
import { linesOf, tokensIn, type FoundToken } from './captureToken';
import { canonicalUrl, isDashboard, type DeploymentUrl } from './deployment';
import { deploymentsIn } from './envFile';
import { kickoffId, type KickoffId } from './kickoffId';

/** What a pasted text names: a run, and the deployment when it is in the text. */
export interface Captured {
  readonly id: KickoffId;
  readonly url?: DeploymentUrl;
}

/** Everything that a pasted text holds; unless it is certain the user is asked which of the runs are meant. */
export interface Capture {
  readonly runs: readonly Captured[];
  /** Secrets: to be offered for keeping where they belong, never to be shown. */
  readonly tokens: readonly FoundToken[];
  readonly isCertain: boolean;
}

/** The one run that a text names beyond doubt. */
export function captured(text: string): Captured | undefined {
  const { runs, isCertain } = capturedAll(text);
  return isCertain && runs.length === 1 ? runs[0] : undefined;
}

/** The run that a program means by a text: what it says beyond doubt, or a status URL or an id as a whole, whatever they look like. */
export function capturedFromProgram(text: string): Captured | undefined {
  const id = kickoffId(text.trim());
  return captured(text) ?? (id ? { id } : statusUrl(text.trim()));
}

function statusUrl(text: string): Captured | undefined {
  const [, base = '', after, before] =
    /^(https?:\/\/[^\s?#]{1,2000})\/(?:status\/([^/\s?#]{1,200})|([^/\s?#]{1,200})\/status)\/?(?:[?#]\S*)?$/i.exec(text) ?? [];
  const id = kickoffId(after ?? before ?? '');
  const url = canonicalUrl(base);
  return id && url && !isDashboard(url) ? { id, url } : undefined;
}

/** Whether a text holds the dashboard's address, which people paste instead of the deployment's. */
export function namesDashboard(text: string): boolean {
  return /(?<![\w.-])app\.crewai\.com(?![\w-]|\.\w)/i.test(text);
}

/** Reads anything: ids, addresses, command lines, JSON, code, logs, letters. */
export function capturedAll(text: string): Capture {
  const plain = undisguised(text);
  const tokens = tokensIn(plain);
  const { runs, isCertain } = foundIn(plain);
  // A secret may look like an ID, and is none.
  const own = runs.filter(({ id }) => tokens.every(({ value }) => value !== id));
  const found = { runs: own, tokens, isCertain: isCertain && own.length === runs.length };
  const whole = kickoffId(text.trim().replace(/^(["'`])(.*)\1$/, '$2'));
  if (!whole || found.isCertain || isStandIn(whole) || /\.crewai\.com$/i.test(whole)) return found;
  return { ...found, runs: [...found.runs, { id: whole }], isCertain: !isAmbiguous(whole) };
}

/** A run at a place of the text. */
interface Find extends Captured {
  readonly at: number;
}

interface Finds {
  readonly finds: readonly Find[];
  readonly isCertain: boolean;
}

function foundIn(plain: string): Omit<Capture, 'tokens'> {
  const routes = routesIn(plain);
  const { finds, isCertain } = findsIn(plain, routes);
  const bases = new Set([
    ...routes.flatMap(({ base, isDoubtful }) => (base && !isDoubtful ? base : [])),
    ...deploymentsIn(linesOf(plain)).map(({ url }) => url),
  ]);
  const runs = withAddresses(finds, bases.size === 1 ? [...bases][0] : undefined);
  const isTangled = bases.size > 1 && runs.filter(({ url }) => !url).length > 1;
  return { runs, isCertain: isCertain && !isTangled };
}

/** What the text itself calls a run beats any other UUID. */
function findsIn(plain: string, routes: readonly PlacedRoute[]): Finds {
  const named = routes.flatMap(({ id, base, ...rest }) => (id ? [{ ...rest, id, ...(base && { url: base }) }] : []));
  const marked = marksIn(plain);
  const sure = [...named, ...marked].filter(({ isDoubtful }) => !isDoubtful);
  if (sure.length > 0) return { finds: sure, isCertain: !marked.some(({ isUnsure }) => isUnsure) };

  const bare = bareIn(plain);
  const called = bare.filter(({ kind }) => kind === 'run');
  const finds = called.length > 0 ? called : [...marked, ...bare, ...(bare.length > 0 ? [] : named)];
  const isOne = new Set(finds.map(({ id }) => id)).size === 1;
  return { finds, isCertain: isOne && bare.some(({ kind }) => kind !== 'doubtful') };
}

/** Each run once, in the order of the text; an id without an address has the only one that the text holds. */
function withAddresses(finds: readonly Find[], only: DeploymentUrl | undefined): readonly Captured[] {
  const urls = new Map<KickoffId, Set<DeploymentUrl>>();
  for (const { id, url } of finds.toSorted((one, other) => one.at - other.at)) {
    const known = urls.get(id) ?? new Set();
    urls.set(id, url ? known.add(url) : known);
  }
  return [...urls].flatMap(([id, own]): readonly Captured[] => {
    if (own.size > 0) return [...own].map((url) => ({ id, url }));
    return [only ? { id, url: only } : { id }];
  });
}

/** As a whole a legal id, but as likely a token, a part of an id, or more than one. */
function isAmbiguous(id: KickoffId): boolean {
  return isCutUuid(id) || /^(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{12}$/i.test(id) || /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.test(id);
}
