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
import { rowOf, seenHealed, seenInTrouble, type Patient } from './trouble';
import { seenToWork } from './troubleButtons';

/** Names that only this test's window knows: `crew.test` is for the proxy to find, the others are asked without it, and `alone` is this machine by a number of its own. */
const hosts = { proxied: 'crew.test', lost: 'lost-crew.test', direct: 'direct.test', alone: '127.31.41.59' };

describe(`What goes wrong on the way to a server, ${versionAsked()}`, function () {
  this.timeout(240_000);
  const names = ['unreachable', 'nameUnknown', 'certificate', 'http', 'https'] as const;
  const good = selfSigned(hosts.proxied, hosts.direct);
  let folder: string;
  let stage: Stage;
  let simulator: Simulator;
  let proxy: Proxy;
  let closed: Relay;
  let untrusted: Relay;
  let tunnelled: Relay;
  let patients: Readonly<Record<(typeof names)[number], Patient>>;

  const setHosts = (known: Readonly<Record<string, string>>): Promise<void> =>
    writeFile(path.join(folder, 'network.json'), JSON.stringify({ hosts: { [hosts.direct]: '127.0.0.1', ...known } }));
  const pressed = (patient: Patient, asked?: () => number): Promise<void> =>
    seenToWork(stage, { row: rowOf(patient), button: patient.button }, asked);
  const portOf = (name: string): number => Number(new URL(simulator.deployment(name).url).port);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kickoffs-network-'));
    await writeFile(path.join(folder, 'trusted.pem'), good.cert);
    await setHosts({ [hosts.lost]: '' });
    simulator = await startSimulator({ deployments: names.map((name) => ({ ...liveCrew, name })), startsWhenAsked: true });
    proxy = await startProxy();
    closed = await startRelay(portOf('unreachable'), { host: hosts.alone });
    untrusted = await startRelay(portOf('certificate'), { identity: selfSigned(hosts.direct) });
    tunnelled = await startRelay(portOf('https'), { identity: good });
    stage = await openStage(versionAsked(), {
      settings: { 'http.proxy': proxy.url, 'http.noProxy': [hosts.lost, hosts.direct, hosts.alone] },
      env: { KICKOFFS_NETWORK: path.join(folder, 'network.json'), NODE_EXTRA_CA_CERTS: path.join(folder, 'trusted.pem') },
    });
    const add = async (name: string, url: string, label: string): Promise<Pick<Patient, 'id' | 'label'>> => {
      const id = simulator.addRun({ deployment: name, script: { endsWith: 'never' } });
      await trackInNewDeployment(stage.window, { id, url, label, token: liveCrew.token });
      return { id, label };
    };
    const refusing = { kind: 'proxy', says: 'blocked by proxy', button: 'Open Network Settings' } as const;
    patients = {
      http: { ...refusing, ...(await add('http', `http://${hosts.proxied}:${portOf('http')}`, 'Press Review')) },
      https: { ...refusing, ...(await add('https', `https://${hosts.proxied}:${tunnelled.port}`, 'Press Review 2')) },
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

  it('a proxy that works is used for http and, as a tunnel, for https; this machine and exceptions are asked without it', async () => {
    for (const name of ['http', 'https', 'unreachable'] as const) await seenHealed(stage, patients[name]);
    const expected = [`GET ${hosts.proxied}:${portOf('http')}`, `CONNECT ${hosts.proxied}:${tunnelled.port}`];
    assert.deepEqual([...new Set(proxy.requests)].sort(), expected.sort());
  });

  it('each is said', async () => {
    proxy.setRefusing(true);
    await closed.close();
    for (const patient of [patients.nameUnknown, patients.certificate, patients.http]) {
      await seenInTrouble(stage, patient);
      await pressed(patient);
    }
    await seenInTrouble(stage, patients.unreachable);
    await seenInTrouble(stage, patients.https, 'proxy-https');
  });

  it('a server that is there again is asked at once on Refresh', async () => {
    await closed.open();
    await pressed(patients.unreachable, () => simulator.requests.filter(({ deployment }) => deployment === 'unreachable').length);
    await seenHealed(stage, patients.unreachable);
  });

  it('each passes by itself', async () => {
    proxy.setRefusing(false);
    untrusted.show(good);
    await setHosts({ [hosts.lost]: '127.0.0.1' });
    for (const patient of Object.values(patients)) await seenHealed(stage, patient);
    await until('no warning', async () => (await stage.window.rows()).every(({ iconClass }) => !iconClass.includes('warning')));
  });
});
