import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator, type Simulator } from '#test/simulator/server';
import { selfSigned } from '#test/support/network/certificate';
import { startProxy, type Proxy } from '#test/support/network/proxy';
import { startRelay, type Relay } from '#test/support/network/relay';
import { openStage, trackInNewDeployment, until, versionAsked, type Stage } from './stage';
import { rowOf, expectRecovery, expectProblem, type AffectedRun } from './problems';
import { expectButtonWorks } from './problemButtons';

/**
 * Hosts that only this test's window can resolve. Requests to `proxied` use the proxy. Requests to the other hosts bypass the proxy.
 * `alone` is another address of this machine.
 */
const hosts = { proxied: 'crew.test', lost: 'lost-crew.test', direct: 'direct.test', alone: '127.31.41.59' };

describe(`A network problem, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const names = ['unreachable', 'nameUnknown', 'certificate', 'http', 'https'] as const;
  const trusted = selfSigned(hosts.proxied, hosts.direct);
  let folder: string;
  let stage: Stage;
  let simulator: Simulator;
  let proxy: Proxy;
  let closed: Relay;
  let untrusted: Relay;
  let tunnelled: Relay;
  let affectedRuns: Readonly<Record<(typeof names)[number], AffectedRun>>;

  const setHosts = (known: Readonly<Record<string, string>>): Promise<void> =>
    writeFile(path.join(folder, 'network.json'), JSON.stringify({ hosts: { [hosts.direct]: '127.0.0.1', ...known } }));
  const checkButton = (affectedRun: AffectedRun, requestCount?: () => number): Promise<void> =>
    expectButtonWorks(stage, { row: rowOf(affectedRun), button: affectedRun.button }, requestCount);
  const portOf = (name: string): number => Number(new URL(simulator.deployment(name).url).port);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-network-'));
    await writeFile(path.join(folder, 'trusted.pem'), trusted.cert);
    await setHosts({ [hosts.lost]: '' });
    simulator = await startSimulator({ deployments: names.map((name) => ({ ...liveCrew, name })), startsWhenPolled: true });
    proxy = await startProxy();
    closed = await startRelay(portOf('unreachable'), { host: hosts.alone });
    untrusted = await startRelay(portOf('certificate'), { identity: selfSigned(hosts.direct) });
    tunnelled = await startRelay(portOf('https'), { identity: trusted });
    stage = await openStage(versionAsked(), {
      settings: { 'http.proxy': proxy.url, 'http.noProxy': [hosts.lost, hosts.direct, hosts.alone] },
      env: { KICKOFFS_NETWORK: path.join(folder, 'network.json'), NODE_EXTRA_CA_CERTS: path.join(folder, 'trusted.pem') },
    });
    const add = async (name: string, url: string, label: string): Promise<Pick<AffectedRun, 'id' | 'label'>> => {
      const id = simulator.addRun({ deployment: name, script: { endsWith: 'never' } });
      await trackInNewDeployment(stage.window, { id, url, label, token: liveCrew.token });
      return { id, label };
    };
    const blocked = { kind: 'proxy', says: 'blocked by proxy', button: 'Open Network Settings' } as const;
    affectedRuns = {
      http: { ...blocked, ...(await add('http', `http://${hosts.proxied}:${portOf('http')}`, 'Press Review')) },
      https: { ...blocked, ...(await add('https', `https://${hosts.proxied}:${tunnelled.port}`, 'Press Review 2')) },
      unreachable: {
        ...{ kind: 'unreachable', says: "can't reach server", button: 'Refresh' },
        ...(await add('unreachable', `http://${hosts.alone}:${closed.port}`, 'Invoice Check')),
      },
      certificate: {
        ...{ kind: 'certificate', says: 'certificate not trusted', button: 'Open Network Settings' },
        ...(await add('certificate', `https://${hosts.direct}:${untrusted.port}`, 'Payroll')),
      },
      nameUnknown: {
        ...{ kind: 'nameUnknown', says: 'host not found', button: 'Edit Deployment' },
        ...(await add('nameUnknown', `http://${hosts.lost}:${portOf('nameUnknown')}`, 'Travel Desk')),
      },
    };
  });
  after(async () => {
    await Promise.all([simulator, proxy].map((one) => one.stop()));
    await Promise.all([closed, untrusted, tunnelled].map((one) => one.close()));
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('does not occur with a working proxy, which receives all requests except to hosts in http.noProxy', async () => {
    for (const name of ['http', 'https', 'unreachable'] as const) await expectRecovery(stage, affectedRuns[name]);
    const expected = [`GET ${hosts.proxied}:${portOf('http')}`, `CONNECT ${hosts.proxied}:${tunnelled.port}`];
    assert.deepEqual([...new Set(proxy.requests)].sort(), expected.sort());
  });

  it('of each kind is shown in one row with one button', async () => {
    proxy.setRefusing(true);
    await closed.close();
    for (const affectedRun of [affectedRuns.nameUnknown, affectedRuns.certificate, affectedRuns.http]) {
      await expectProblem(stage, affectedRun);
      await checkButton(affectedRun);
    }
    await expectProblem(stage, affectedRuns.unreachable);
    await expectProblem(stage, affectedRuns.https, 'proxy-https');
  });

  it('ends immediately when the user selects Refresh after the server can be reached again', async () => {
    await closed.open();
    await checkButton(affectedRuns.unreachable, () => simulator.requests.filter(({ deployment }) => deployment === 'unreachable').length);
    await expectRecovery(stage, affectedRuns.unreachable);
  });

  it('of each kind disappears automatically when its cause is gone', async () => {
    proxy.setRefusing(false);
    untrusted.show(trusted);
    await setHosts({ [hosts.lost]: '127.0.0.1' });
    for (const affectedRun of Object.values(affectedRuns)) await expectRecovery(stage, affectedRun);
    await until('no warning', async () => (await stage.window.rows()).every(({ iconClass }) => !iconClass.includes('warning')));
  });
});
