import assert from 'node:assert/strict';
import dns from 'node:dns';
import os from 'node:os';
import { mock } from 'node:test';
import { systemNetwork } from '#amp/network';
import { timers } from './http/servers';

const proxies = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);

describe('The network of this machine', () => {
  const original = new Map(proxies.map((name) => [name, process.env[name]]));
  const [{ networkInterfaces }, { lookup }] = [os, dns];

  beforeEach(() => proxies.forEach((name) => Reflect.deleteProperty(process.env, name)));
  afterEach(() => {
    Object.assign(os, { networkInterfaces });
    Object.assign(dns, { lookup });
    mock.timers.reset();
  });
  after(() => original.forEach((value, name) => value !== undefined && (process.env[name] = value)));

  it('is connected only when an interface has an address that other machines can reach', () => {
    const loopback = { internal: true };
    const outside = { internal: false };
    const cases = [
      [{}, false],
      [{ lo: [loopback, loopback] }, false],
      [{ lo: [loopback], eth0: undefined }, false],
      [{ eth0: undefined, wlan0: [outside] }, true],
      [{ lo: [loopback], eth0: [outside] }, true],
      [{ lo: [loopback, outside] }, true],
    ] as const;
    for (const [interfaces, isConnected] of cases) {
      Object.assign(os, { networkInterfaces: () => interfaces });
      assert.equal(systemNetwork(() => false).isConnected(), isConnected, JSON.stringify(interfaces));
    }
  });

  it('reports the result of a lookup as soon as the lookup ends', async () => {
    const network = systemNetwork(() => false);
    let end: (error: Error | null) => void = () => assert.fail('no lookup');
    mock.timers.enable({ apis: ['setTimeout'] });
    Object.assign(dns, { lookup: (_: string, found: typeof end) => void (end = found) });
    for (const error of [null, new Error('ENOTFOUND')]) {
      const resolved = outcome(network.resolves('crew.example'));
      end(error);
      assert.equal(await resolved, error === null);
    }
  });

  it("doesn't resolve a name whose lookup takes five seconds", async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    Object.assign(dns, { lookup: () => undefined });
    const resolved = systemNetwork(() => false).resolves('crew.example');
    mock.timers.tick(4_999);
    assert.equal(await outcome(resolved), 'pending');
    mock.timers.tick(1);
    assert.equal(await outcome(resolved), false);
  });

  it('leaves no timer after a lookup', () => {
    const before = timers();
    Object.assign(dns, { lookup: (_: string, found: (error: null) => void) => found(null) });
    void systemNetwork(() => false).resolves('crew.example');
    assert.ok(timers() <= before, 'a timer is left');
  });

  for (const [name, isResolved] of Object.entries({ localhost: true, 'nowhere.invalid': false }))
    it(`${isResolved ? 'resolves' : "doesn't resolve"} ${name}`, async () => {
      assert.equal(await systemNetwork(() => false).resolves(name), isResolved);
    }).timeout(10_000);

  it('reports even an unknown host name as resolved if VS Code or the environment sets a proxy', async () => {
    assert.equal(await systemNetwork(() => true).resolves('nowhere.invalid'), true);
    for (const name of proxies) {
      process.env[name] = 'http://proxy.example:3128';
      assert.equal(await systemNetwork(() => false).resolves('nowhere.invalid'), true, name);
      Reflect.deleteProperty(process.env, name);
    }
  });
});

/** Returns the value of a promise, or `pending` if the promise needs more than a turn of the event loop. */
function outcome(promise: Promise<boolean>): Promise<boolean | 'pending'> {
  return Promise.race([promise, new Promise<'pending'>((resolve) => setImmediate(resolve, 'pending'))]);
}
