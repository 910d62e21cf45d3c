import { documentWords } from '#present/words/documentWords';
import type { Translate } from '#present/words/words';

/** Hints with patterns of failures. The first match counts. Quota comes before rate limit, because both can be HTTP 429. */
const hintPatterns: readonly (readonly [hint: string, ...patterns: readonly RegExp[]])[] = [
  [documentWords.hintGuardrail, /\bfailed (?:\w+ )?guardrail\b/i],
  [
    documentWords.hintInputs,
    /template variable|(?:missing|required|no|empty) (?:required )?inputs?\b(?! tokens?)|\binputs? (?:is |are )?(?:missing|required)|inputs dictionary/i,
  ],
  [
    documentWords.hintQuota,
    /insufficient[_ ](?:quota|credits?|balance|funds)|exceeded your (?:current |monthly )?quota|quota (?:was |has been )?exceeded|quota exhausted/i,
    /credit balance is too low|out of credits?|payment required|billing[_ ](?:hard[_ ])?(?:limit|not[_ ]active)/i,
  ],
  [
    documentWords.hintContext,
    /context[_ ](?:length|window)|context size|prompt is too long|input token count.{0,80}exceeds|reduce the length of (?:the|your) (?:messages|prompt|input)/i,
  ],
  [
    documentWords.hintKeyMissing,
    /\b[A-Z][A-Z\d]*(?:_[A-Z\d]+)+\b['"`]?\s+(?:environment variable |env var )?(?:(?:is|was) )?(?:not|missing|required|undefined|must be|Field required)\b/,
    /KeyError: ['"][A-Z\d_]*(?:KEY|TOKEN|SECRET)\b|environment variables? (?:is |are )?(?:not set|not found|missing)/i,
    /\b(?:no|missing|(?:did not|didn't) (?:find|provide|pass)(?: an?| any| your)?) ['"`]?(?:[a-z]+[ _])?(?:api[ _-]?key|credentials|auth(?:entication|orization)? (?:token|header))/i,
    /api[ _-]?key['"`]? (?:client option )?(?:is |was )?(?:must be set|missing|required|not set|not found|not provided)|could not resolve authentication/i,
  ],
  [documentWords.hintRateLimit, /rate[_ -]?limit|too many requests|tokens per min|\b(?:error|code|status|http)\b\D{0,12}429\b|^429\b/i],
  [
    documentWords.hintKeyRefused,
    /(?:invalid|incorrect|wrong|expired|revoked|bad)[_ ](?:x-)?api[_ -]?key|api[ _-]?key['"`]?(?: provided)? (?:is |was |has )?(?:not valid|invalid|incorrect|expired|revoked|disabled)/i,
    /AuthenticationError|authentication_error|invalid x-api-key|\b(?:error|code|status|http)\b\D{0,12}401\b|\b401\b.{0,20}unauthorized/i,
  ],
  [
    documentWords.hintModel,
    /model_not_found|ModelNotFound|DeploymentNotFound|not_found_error.{0,80}model:|unknown model\b|not a valid model|model identifier is invalid/i,
    /\bmodels?[/:]? ?['"`]?[\w.:/@-]{0,80}['"`]? (?:(?:is |was )?not (?:found|supported|available)|does not exist|doesn't exist)/i,
    /LLM Provider NOT provided|Unable to initialize LLM|does not match any supported native provider/i,
  ],
  [documentWords.hintPolicy, /content[_ ]policy|content management policy|content_filter|ResponsibleAIPolicy|blocked by .{0,40}safety/i],
  [
    documentWords.hintBusy,
    /overloaded|\b(?:error|code|status|http)\b\D{0,12}5[023][0239]\b|ServiceUnavailableError|service unavailable|high demand/i,
  ],
  [documentWords.hintTimeout, /timed[ -]?out|time-?out(?! ?[=:])|deadline[_ ]exceeded|took too long|ETIMEDOUT|\b504\b.{0,10}gateway/i],
  [
    documentWords.hintConnection,
    /connection (?:error|refused|reset|aborted)|\bECONNREFUSED\b|\bENOTFOUND\b|(?:failed|unable|cannot|could not) (?:to )?connect|no route to host|name or service not known|name resolution/i,
  ],
  [documentWords.hintEmpty, /response from LLM call.{0,8}none or empty/i],
];

export function failureHint(reason: string, t: Translate): string | undefined {
  const [hint] = hintPatterns.find(([, ...patterns]) => patterns.some((pattern) => pattern.test(reason))) ?? [];
  return hint === undefined ? undefined : t(hint);
}
