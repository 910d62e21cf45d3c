import type { DeploymentUrl } from '#core/kickoff/deployment';
import { kickoffId, type KickoffId } from '#core/kickoff/kickoffId';
import { secretNamePattern } from './pastedTokens';

export interface FoundId {
  readonly offset: number;
  readonly id: KickoffId;
  /** The deployment's URL, if the text contains it. */
  readonly url?: DeploymentUrl;
  /** Whether the value is certainly a kickoff ID, for example because the text labels it. */
  readonly isCertain: boolean;
}

/** Source of a regular expression for a UUID that no letter or digit follows. */
export const uuidSource = '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])';

const uuidPattern = new RegExp(`(?<![0-9A-Za-z])${uuidSource}(?!@)`, 'g');

/** Matches host names, and dashboard pages other than executions. A UUID there belongs to a deployment or a trace. */
const unrelatedUrlPattern =
  /(?:https?:\/\/)?\bapp\.crewai\.com\/(?!\S{0,500}\/executions?\/)\S*|https?:\/\/[^\s/?#"']{1,253}|(?<![\w.-])[\w.-]{1,253}\.crewai\.com/gi;

/** Finds each UUID, except before `@`, in host names, after the name of a secret, and in URLs of dashboard pages other than executions. */
export function bareIdsIn(text: string): readonly FoundId[] {
  const searchedText = text.replace(unrelatedUrlPattern, (found) => ' '.repeat(found.length));
  return [...searchedText.matchAll(uuidPattern)].flatMap(({ 0: uuid, index: offset }) => {
    const id = kickoffId(uuid);
    return id && !secretNamePattern.test(searchedText.slice(Math.max(0, offset - 60), offset)) ? [{ offset, id, isCertain: false }] : [];
  });
}

/** Returns a text as an ID; undefined for a placeholder, a truncated UUID, or an invalid ID. */
export function completeId(text: string): KickoffId | undefined {
  return isPlaceholderId(text) || isTruncatedUuid(text) ? undefined : kickoffId(text);
}

/** Whether a text is the beginning of a UUID, such as `f1b63850-...`. */
export function isTruncatedUuid(text: string): boolean {
  return /^(?:[0-9a-f]{4,8}[0-9a-f-]{0,28}\.{2,}|(?=.*(?:[a-f]|-$))[0-9a-f]{8}-[0-9a-f-]{0,26}-?\.?)$/i.test(text);
}

/** Whether a text in the place of an ID is a placeholder of code or documentation, such as `your-kickoff-id`. */
export function isPlaceholderId(text: string): boolean {
  return /^(?:string|str|null|none|nil|undefined|true|false|unknown|id|uuid|x+)$|your|kick-?off[\s_-]?id|placeholder/i.test(text);
}
