import { FetchError } from 'node-fetch';
import assert from 'node:assert/strict';
import { AmpClient } from '#amp/http/client';
import { connectionTroubleKind, isConnectFailure } from '#amp/http/connectionErrors';
import { defaultTimeouts } from '#amp/http/deadline';
import { canary, troubleOf } from './testPoll';

/** Returns an error of node-fetch, whose message begins with the URL. */
function failed(reason: string, code?: string, url = 'https://crew.example/'): FetchError {
  return new FetchError(`request to ${url} failed, reason: ${reason}`, 'system', { ...(code !== undefined && { code }) });
}

describe('A connection error', () => {
  const codes = {
    nameUnknown: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'ENODATA', 'ESERVFAIL'],
    certificate: [
      ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
      ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_CRL', 'CERT_HAS_EXPIRED'],
      ...['CERT_NOT_YET_VALID', 'CERT_REVOKED', 'CRL_HAS_EXPIRED'],
      ...['OCSP_VERIFY_FAILED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH'],
      ...['INVALID_CA', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED'],
    ],
    proxy: ['ERR_PROXY_TUNNEL', 'ERR_PROXY_INVALID_CONFIG', 'ERR_HTTP_PROXY'],
    unreachable: [
      ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
      ...['EPIPE', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', '', 'WHATEVER'],
    ],
    notAnAnswer: ['HPE_HEADER_OVERFLOW', 'HPE_INVALID_CONSTANT'],
  };

  for (const [kind, all] of Object.entries(codes)) {
    it(`is reported as the problem ${kind} for codes such as ${all.slice(0, 2).join(' and ')}`, async () => {
      for (const code of all) {
        const fetch = () => Promise.reject(failed('no', code, `https://proxy.example/${canary}`));
        assert.equal(await troubleOf({ client: new AmpClient('0.0.0', defaultTimeouts, fetch) }), kind, code);
      }
    });
  }

  it('is reported as the problem unreachable if its code contains a known code and other characters', () => {
    for (const code of [
      ...['UV_EAI_AGAIN', 'ENODATA_LEFT', 'ERR_SSL_UNABLE_TO_FIND_DH_PARAMETERS'],
      ...['ERR_OSSL_X509V3_INVALID_PURPOSE', 'INVALID_CALL', 'LLHTTP_HPE_STRICT'],
    ])
      assert.equal(connectionTroubleKind(failed('no', code)), 'unreachable', code);
  });

  it("is reported as the problem proxy if its reason is a proxy's message, with or without the prefix of node-fetch", () => {
    for (const reason of [
      'tunneling socket could not be established, statusCode=403',
      'Proxy connection ended before receiving CONNECT response',
      'Proxy connection timed out',
      'Socks5 Authentication failed',
      'Socks4 Proxy rejected connection',
      'Failed to establish a socket connection to proxies: ["PROXY 10.0.0.1:3128"]',
      'Failed to establish socket connection to proxies: []',
    ]) {
      assert.equal(connectionTroubleKind(failed(reason)), 'proxy', reason);
      assert.equal(connectionTroubleKind(new Error(reason)), 'proxy', reason);
    }
  });

  it("isn't reported as the problem proxy just because its text contains “proxy” or “socks”", () => {
    assert.equal(connectionTroubleKind(failed('read ECONNRESET', undefined, 'https://proxy.example/')), 'unreachable');
    assert.equal(connectionTroubleKind(failed('connect ECONNREFUSED 10.0.0.1:443, not a proxy connection', 'ECONNREFUSED')), 'unreachable');
    assert.equal(connectionTroubleKind(failed('getaddrinfo ENOTFOUND socks.crew.example', 'ENOTFOUND')), 'nameUnknown');
  });

  it("is reported as the problem unreachable if it isn't an Error, or if neither its code nor its message is known", () => {
    for (const odd of [undefined, null, 'proxy', {}, { code: 'ENOTFOUND' }, new Error('')])
      assert.equal(connectionTroubleKind(odd), 'unreachable');
    assert.equal(connectionTroubleKind(Object.assign(new Error('aborted'), { code: 20 })), 'unreachable');
  });
});

describe('A request that failed', () => {
  const coded = (code: string, erroredSysCall?: string) => Object.assign(new Error('failed'), { code, erroredSysCall });

  it('is treated as never received by the server if no connection was established', () => {
    for (const error of [
      ...['ENOTFOUND', 'CERT_HAS_EXPIRED', 'ECONNREFUSED', 'EHOSTUNREACH', 'ERR_PROXY_TUNNEL'].map((code) => coded(code)),
      coded('EHOSTUNREACH', 'connect'),
      failed('tunneling socket could not be established, statusCode=407'),
    ])
      assert.equal(isConnectFailure(error), true, `${error.code} ${error.message}`);
  });

  it('is treated as possibly received by the server if a connection broke or the error is unknown', () => {
    const broken = ['EPIPE', 'ECONNRESET', 'ETIMEDOUT', 'HPE_INVALID_CONSTANT', 'ERR_STREAM_PREMATURE_CLOSE'];
    const unknown = ['', 'XECONNREFUSED', 'ENETUNREACH_2'];
    for (const error of [...[...broken, ...unknown].map((code) => coded(code)), coded('EHOSTUNREACH', 'read'), undefined])
      assert.equal(isConnectFailure(error), false, error?.code);
  });
});
