import assert from 'node:assert/strict';
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { AmpClient } from '#amp/http/client';
import { figure } from '#test/support/fuzz';
import { startAt, stopAt } from '#test/unit/amp/calls/calls';
import { canary, pollOnce, patient } from './testPoll';
import { httpsByKey, httpServer, trustingKeys, type RecordingServer } from './servers';

const statuses = [301, 302, 303, 307, 308];

/** Redirect targets. All of them are on this machine. */
const targets: Readonly<Record<string, (at: Readonly<Record<'secure' | 'other' | 'plain', RecordingServer>>) => string>> = {
  'the same origin': () => '/status/run-2',
  'another port': ({ other }) => `https://crew.example.test:${other.port}/status/run-1`,
  'a subdomain': ({ secure }) => `https://sub.crew.example.test:${secure.port}/status/run-1`,
  'the parent': ({ secure }) => `https://example.test:${secure.port}/status/run-1`,
  'another host': ({ other }) => `https://elsewhere.test:${other.port}/status/run-1`,
  'http:': ({ plain }) => `http://crew.example.test:${plain.port}/status/run-1`,
  'a URL without a protocol': ({ other }) => `//elsewhere.test:${other.port}/status/run-1`,
  'a URL with a user': ({ secure }) => `https://user:word@crew.example.test:${secure.port}/status/run-2`,
  'a name in another alphabet': ({ other }) => `https://xn--crw-sdd.example.test:${other.port}/status/run-1`,
  'a number': ({ other }) => `https://127.0.0.1:${other.port}/status/run-1`,
};

/** The requests of this extension with their paths. Each returns the problem that the user sees. */
const requests = [
  {
    path: '/status/run-1',
    send: async (url: string, client: AmpClient) => {
      const seen = await pollOnce({ url, client });
      return seen.kind === 'unanswered' ? seen.trouble : undefined;
    },
  },
  {
    path: '/kickoff',
    send: async (url: string, client: AmpClient) => {
      const result = await startAt(url, { client });
      return result.kind === 'started' ? undefined : result.trouble;
    },
  },
  {
    path: '/stop/run-1',
    send: async (url: string, client: AmpClient) => {
      const result = await stopAt(url, { client });
      return result.kind === 'failed' ? result.trouble : undefined;
    },
  },
];

describe('A redirect', () => {
  const original = { lookup: dns.lookup, http: http.globalAgent, https: https.globalAgent };
  const lookedUp: string[] = [];
  let connections = 0;

  before(() => {
    // Resolves every host name to this machine, and records each lookup.
    const here = (name: string, _: unknown, found: (error: null, all: readonly dns.LookupAddress[]) => void): void => {
      lookedUp.push(name);
      found(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    Object.assign(dns, { lookup: here });
    http.globalAgent = new http.Agent();
    https.globalAgent = trustingKeys(() => connections++);
  });
  after(() => {
    Object.assign(dns, { lookup: original.lookup });
    http.globalAgent = original.http;
    https.globalAgent = original.https;
  });

  for (const status of statuses) {
    it(`with HTTP ${status} is reported with the target's origin and never followed, for any request and target`, async () => {
      for (const { path, send, target, name } of requests.flatMap((request) =>
        Object.entries(targets).map(([name, target]) => ({ ...request, target, name: `${request.path} to ${name}` })),
      )) {
        let location = '';
        const respond: http.RequestListener = (request, response) => {
          if (request.url === path && response.socket?.localPort === secure.port) response.writeHead(status, { location }).end();
          else response.end('{"state":"SUCCESS"}');
        };
        const [secure, other] = [await httpsByKey(respond), await httpsByKey(respond)];
        const plain = await httpServer(respond);
        location = target({ secure, other, plain });
        lookedUp.length = 0;
        connections = 0;

        const url = `https://crew.example.test:${secure.port}`;
        const trouble = await send(url, new AmpClient('0.0.0', patient));
        assert.partialDeepStrictEqual(trouble, { kind: 'moved', detail: new URL(location, url).origin }, name);
        const [request, ...more] = secure.requests;
        const received = [request?.url, request?.headers.authorization, more.length];
        assert.deepEqual(received, [path, `Bearer ${canary}`, 0], name);
        assert.deepEqual([other.requests, plain.requests, lookedUp, connections], [[], [], ['crew.example.test'], 1], name);
      }
    });
  }

  it('is tested in 150 combinations of status, target, and request', () => {
    const cases = statuses.length * Object.keys(targets).length * requests.length;
    assert.equal(cases, 150);
    figure(4, `${cases} of 150 redirects not followed`);
  });
});
