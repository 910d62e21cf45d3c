import assert from 'node:assert/strict';
import { systemNetwork } from '#amp/network';

const proxies = ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);

describe('The network of this machine', () => {
  const original = new Map(proxies.map((name) => [name, process.env[name]]));
  beforeEach(() => proxies.forEach((name) => Reflect.deleteProperty(process.env, name)));
  after(() => original.forEach((value, name) => value !== undefined && (process.env[name] = value)));

  it('reports synchronously whether it is connected', () => assert.equal(typeof systemNetwork(() => false).isConnected(), 'boolean'));

  it('resolves localhost, and doesn’t resolve an invalid name', async () => {
    const network = systemNetwork(() => false);
    assert.deepEqual([await network.resolves('localhost'), await network.resolves('nowhere.invalid')], [true, false]);
  }).timeout(10_000);

  it('reports even an invalid name as resolved if VS Code or the environment sets a proxy', async () => {
    assert.equal(await systemNetwork(() => true).resolves('nowhere.invalid'), true);
    for (const name of proxies) {
      process.env[name] = 'http://proxy.example:3128';
      assert.equal(await systemNetwork(() => false).resolves('nowhere.invalid'), true, name);
      Reflect.deleteProperty(process.env, name);
    }
  });
});
