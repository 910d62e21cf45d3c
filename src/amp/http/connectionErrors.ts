import type { TroubleKind } from '#core/kickoff/trouble';
import { codeOf } from '#core/lib/errors';

const kindsByCodePattern: readonly (readonly [RegExp, TroubleKind])[] = [
  [/^(?:ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL)$/, 'nameUnknown'],
  [/CERT|^(?:UNABLE_TO_\w|CRL_|OCSP_|(?:HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$)/, 'certificate'],
  [/PROXY/, 'proxy'],
  [/^HPE_/, 'notAnAnswer'],
];

/** Returns the kind of problem for a failed request, from the error's code or from the message of a proxy agent. */
export function connectionTroubleKind(error: unknown): TroubleKind {
  if (!(error instanceof Error)) return 'unreachable';
  if (isProxyAgentError(error)) return 'proxy';
  const code = codeOf(error) ?? '';
  return kindsByCodePattern.find(([pattern]) => pattern.test(code))?.[1] ?? 'unreachable';
}

/** Whether a request failed before the server could receive any of it, because of DNS, the connection, a proxy, or a certificate. */
export function isConnectFailure(error: unknown): boolean {
  const kind = connectionTroubleKind(error);
  if (kind === 'nameUnknown' || kind === 'certificate' || kind === 'proxy') return true;
  // Other system calls can fail with these codes after connecting. An error without a system call means that every address failed.
  const systemCall = (error as { readonly erroredSysCall?: unknown } | undefined)?.erroredSysCall ?? 'connect';
  return systemCall === 'connect' && /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(codeOf(error) ?? '');
}

/** Whether a proxy agent reported the error. Such errors have no code, and node-fetch puts the URL in front of their message. */
function isProxyAgentError({ message }: Error): boolean {
  const [, reason = message] = message.split(/, reason: (.*)/s);
  return /^(?:tunneling socket|proxy connection|socks|failed to establish (?:a )?socket connection to proxies)/i.test(reason);
}
