import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { liveCrew } from '#test/simulator/scripts';
import { startSimulator } from '#test/simulator/server';
import { selfSigned } from '#test/support/network/certificate';
import { startProxy } from '#test/support/network/proxy';
import { startRelay } from '#test/support/network/relay';
import { openScene } from './scene';
import { trackInNewDeployment, until, versionAsked } from './stage';
import { rowOf, expectRecovery, expectProblem, type AffectedRun } from './problems';
import { expectButtonWorks } from './problemButtons';
import { simulateNetwork } from './untrustedInput';

/**
 * Hosts that only this test's window can resolve. Requests to `proxied` use the proxy. Requests to the other hosts bypass the proxy.
 * `alone` is another address of this machine.
 */
const hosts = { proxied: 'crew.test', lost: 'lost-crew.test', direct: 'direct.test', alone: '127.31.41.59' };

describe(`A network problem, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const names = ['unreachable', 'nameUnknown', 'certificate', 'http', 'https'] as const;
  const trusted = selfSigned(hosts.proxied, hosts.direct);
  const scene = openScene(
    async () => {
      const network = await simulateNetwork({ hosts: { [hosts.direct]: '127.0.0.1', [hosts.lost]: '' } });
      await writeFile(path.join(network.folder, 'trusted.pem'), trusted.cert);
      const deployments = names.map((name) => ({ ...liveCrew, name }));
      const simulator = await startSimulator({ deployments, startsWhenPolled: true });
      const portOf = (name: string): number => Number(new URL(simulator.deployment(name).url).port);
      return {
        network,
        simulator,
        proxy: await startProxy(),
        closed: await startRelay(portOf('unreachable'), { host: hosts.alone }),
        untrusted: await startRelay(portOf('certificate'), { identity: selfSigned(hosts.direct) }),
        tunnelled: await startRelay(portOf('https'), { identity: trusted }),
      };
    },
    ({ network, proxy }) => ({
      settings: { 'http.proxy': proxy.url, 'http.noProxy': [hosts.lost, hosts.direct, hosts.alone] },
      env: { ...network.env, NODE_EXTRA_CA_CERTS: path.join(network.folder, 'trusted.pem') },
    }),
  );
  let affectedRuns: Readonly<Record<(typeof names)[number], AffectedRun>>;

  const checkButton = (affectedRun: AffectedRun, requestCount?: () => number): Promise<void> =>
    expectButtonWorks(scene.stage, { row: rowOf(affectedRun), button: affectedRun.button }, requestCount);
  const portOf = (name: string): number => Number(new URL(scene.simulator.deployment(name).url).port);

  before(async () => {
    const { closed, simulator, stage, tunnelled, untrusted } = scene;
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

  it("doesn't affect a host that the window reaches through the proxy, or directly because of http.noProxy", async () => {
    for (const name of ['http', 'https', 'unreachable'] as const) await expectRecovery(scene.stage, affectedRuns[name]);
    const expected = [`GET ${hosts.proxied}:${portOf('http')}`, `CONNECT ${hosts.proxied}:${scene.tunnelled.port}`];
    assert.deepEqual([...new Set(scene.proxy.requests)].sort(), expected.sort());
  });

  it('of each kind is shown with one button', async () => {
    const { closed, proxy, stage } = scene;
    proxy.setRefusing(true);
    await closed.stop();
    for (const affectedRun of [affectedRuns.nameUnknown, affectedRuns.certificate, affectedRuns.http, affectedRuns.unreachable])
      await expectProblem(stage, affectedRun);
    await expectProblem(stage, affectedRuns.https, 'proxy-https');
  });

  it('with the host name, the certificate, or the proxy has a button that opens Edit Deployment or the network settings', async () => {
    for (const affectedRun of [affectedRuns.nameUnknown, affectedRuns.certificate, affectedRuns.http]) await checkButton(affectedRun);
  });

  it('ends when the user selects Refresh after the server can be reached again', async () => {
    const { closed, simulator, stage } = scene;
    await closed.start();
    await checkButton(affectedRuns.unreachable, () => simulator.requests.filter(({ deployment }) => deployment === 'unreachable').length);
    await expectRecovery(stage, affectedRuns.unreachable);
  });

  it('with the host name, the certificate, or the proxy disappears automatically when its cause is gone', async () => {
    const { network, proxy, stage, untrusted } = scene;
    proxy.setRefusing(false);
    untrusted.show(trusted);
    await network.change({ hosts: { [hosts.direct]: '127.0.0.1', [hosts.lost]: '127.0.0.1' } });
    for (const affectedRun of Object.values(affectedRuns)) await expectRecovery(stage, affectedRun);
    await until('no warning', async () => (await stage.window.rows()).every(({ iconClass }) => !iconClass.includes('warning')));
  });
});
