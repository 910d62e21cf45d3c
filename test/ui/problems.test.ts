import { liveCrew } from '#test/simulator/scripts';
import type { SimulatedDeployment } from '#test/simulator/server';
import type { Trouble } from '#test/simulator/trouble';
import { useScene } from './scene';
import { changeUrl, trackInNewDeployment, versionAsked } from './stage';
import { aTime, rowOf, expectRecovery, expectProblem, shortOf, type AffectedRun, type ExpectedProblem } from './problems';
import { expectButtonWorks } from './problemButtons';

interface ResponseProblem extends ExpectedProblem {
  readonly label: string;
  readonly response: (elsewhere: SimulatedDeployment) => Trouble;
  /** Whether the first response already has the problem. */
  readonly isFirst?: true;
}

const setToken = 'Set Token';
const fromStart = { from: 0 } as const;
const nextTry = `, retrying (?:soon|at ${aTime})`;

/** Problems that end when the server responds normally again. */
const temporary: readonly ResponseProblem[] = [
  {
    kind: 'serverTrouble',
    code: 'Last check failed: .* \\(HTTP 500\\)',
    label: 'Invoice Check',
    response: () => ({ ...fromStart, kind: 'serverError' }),
    says: `server error${nextTry}`,
    button: 'Refresh',
  },
  {
    kind: 'notAnAnswer',
    code: 'Sign in to your network[^]*\\(HTTP 200\\)',
    label: 'Travel Desk',
    response: () => ({ ...fromStart, kind: 'html', status: 200 }),
    says: 'unexpected response \\(sign-in page\\?\\)',
    button: 'Open in Browser',
  },
  {
    kind: 'throttled',
    label: 'Lead Scoring',
    response: () => ({ ...fromStart, kind: 'throttled', retryAfter: 4 }),
    says: `throttled until ${aTime}`,
    button: 'Show Log',
  },
];

/** Problems that last until the user acts. */
const lasting: readonly ResponseProblem[] = [
  {
    kind: 'notAllowed',
    code: "Set the deployment's Bearer Token[^]*\\(HTTP 403\\)",
    label: 'Payroll',
    response: () => ({ ...fromStart, kind: 'forbidden' }),
    says: 'token has no access: Not allowed',
    button: setToken,
  },
  {
    kind: 'moved',
    label: 'Contract Review',
    response: ({ url }) => ({ ...fromStart, kind: 'redirect', location: url }),
    says: 'redirects to http://127\\.0\\.0\\.1:\\d+',
    button: 'Edit Deployment',
  },
  {
    kind: 'tooLarge',
    label: 'Data Export',
    response: () => ({ ...fromStart, kind: 'huge', mebibytes: 65 }),
    says: 'response over 64 MiB',
    button: 'Save Response As…',
  },
  {
    kind: 'refused',
    label: 'Support Triage',
    isFirst: true,
    response: () => ({ ...fromStart, kind: 'refused', sentence: 'This execution was archived and cannot be read any more' }),
    says: 'request rejected: This execution was archived and cannot be read any more',
    button: 'Open Raw Response',
  },
];

/** The labels of the deployments that need no fault in the simulator. */
const otherLabels = { noToken: 'Social Media', tokenRefused: 'Market Research', wrongAddress: 'Onboarding', elsewhere: 'elsewhere' };
const allLasting: readonly (readonly [string, ExpectedProblem])[] = [
  [otherLabels.noToken, { kind: 'noToken', says: 'token needed', button: setToken }],
  [otherLabels.tokenRefused, { kind: 'tokenRefused', says: 'token rejected', button: setToken, code: 'HTTP 401' }],
  [otherLabels.wrongAddress, { kind: 'wrongAddress', says: 'no AMP deployment at this URL', button: 'Edit Deployment' }],
  ...lasting.map((one) => [one.label, one] as const),
];

/** The action of each button, for the titles of tests. */
const actions: Readonly<Record<string, string>> = {
  'Edit Deployment': 'opens the URL box',
  'Open in Browser': "opens the deployment's page",
  'Open Raw Response': 'opens the response in a tab',
  Refresh: 'polls the run',
  'Save Response As…': 'saves the response to a file',
  'Set Token': 'opens the token box',
  'Show Log': 'opens the log',
};

/** Returns the beginning of the row text of a problem, without variable parts. */
const nameOf = ({ says }: ExpectedProblem): string => says.split(/,|:| \\\(| until | to /)[0] ?? '';

describe(`Problems of deployments, ${versionAsked()}:`, function () {
  this.timeout(600_000);
  const names = [...[...temporary, ...lasting].map(({ label }) => label), ...Object.values(otherLabels)];
  const scene = useScene({ deployments: names.map((name) => ({ ...liveCrew, name })), startsWhenPolled: true });
  const ids = new Map<string, string>();
  const ofRun = (label: string) => ({ label, id: ids.get(label) ?? '' });
  const affectedRun = (shown: ExpectedProblem, label: string): AffectedRun => ({ ...shown, ...ofRun(label) });
  const trackRun = async (run: { label: string; path?: string; token?: string | undefined }): Promise<void> => {
    const { label, path, token } = { path: '', token: liveCrew.token, ...run };
    const deployment = scene.simulator.deployment(label);
    const id = deployment.addRun({ script: { endsWith: 'never' } });
    ids.set(label, id);
    await trackInNewDeployment(scene.stage.window, { id, url: deployment.url + path, token, label });
  };

  const checkButton = (shown: ExpectedProblem, label: string): Promise<void> => {
    const requestCount = () => scene.simulator.requests.filter(({ deployment }) => deployment === label).length;
    return expectButtonWorks(scene.stage, { row: rowOf(affectedRun(shown, label)), button: shown.button }, requestCount);
  };

  before(async () => {
    const { simulator, stage } = scene;
    await trackRun({ label: otherLabels.noToken, token: undefined });
    await trackRun({ label: otherLabels.wrongAddress, path: '/api' });
    const elsewhere = simulator.deployment(otherLabels.elsewhere);
    const causeProblem = ({ label, response }: ResponseProblem) => simulator.deployment(label).setTrouble([response(elsewhere)]);
    for (const one of [...temporary, ...lasting]) {
      if (one.isFirst) causeProblem(one);
      await trackRun({ label: one.label });
    }
    await trackRun({ label: otherLabels.tokenRefused });
    for (const one of [...temporary, ...lasting]) if (!one.isFirst) await expectRecovery(stage, affectedRun(one, one.label));
    [...temporary, ...lasting].forEach(causeProblem);
    simulator.deployment(otherLabels.tokenRefused).setToken('tok-demo-second');
  });

  for (const one of temporary) {
    it(`the problem “${nameOf(one)}” is shown with only the button ${one.button}, which ${actions[one.button]}`, async () => {
      await expectProblem(scene.stage, affectedRun(one, one.label));
      await checkButton(one, one.label);
      scene.simulator.deployment(one.label).setTrouble([]);
    });
  }
  for (const [label, one] of allLasting) {
    it(`the problem “${nameOf(one)}” is shown with only the button ${one.button}, which ${actions[one.button]}`, async () => {
      await expectProblem(scene.stage, affectedRun(one, label));
      await checkButton(one, label);
    });
  }
  for (const one of temporary)
    it(`the problem “${nameOf(one)}” disappears automatically when the server responds normally again`, () =>
      expectRecovery(scene.stage, affectedRun(one, one.label)));

  it('problems with a token end when the user sets a valid token', async () => {
    const { simulator, stage } = scene;
    const { window } = stage;
    simulator.deployment('Payroll').setTrouble([]);
    simulator.deployment('Payroll').setToken('tok-demo-allowed');
    for (const [label, token, row] of [
      [otherLabels.noToken, liveCrew.token, /^Social Media/],
      [otherLabels.tokenRefused, 'tok-demo-second', /^Market Research/],
      ['Payroll', 'tok-demo-allowed', new RegExp(shortOf(ofRun('Payroll')))],
    ] as const) {
      await window.rowAction(row, setToken);
      await window.box.fill(/token/, token);
      await window.box.closed();
      await expectRecovery(stage, ofRun(label));
    }
  });

  it('problems with a URL end when the user corrects the URL', async () => {
    for (const label of [otherLabels.wrongAddress, 'Contract Review']) {
      const { simulator, stage } = scene;
      const { window } = stage;
      const isMoved = label === 'Contract Review';
      const { url } = simulator.deployment(isMoved ? otherLabels.elsewhere : label);
      if (isMoved) simulator.addRun({ deployment: otherLabels.elsewhere, id: ofRun(label).id, script: { endsWith: 'never' } });
      await changeUrl(window, new RegExp(`^${label}`), url);
      if (isMoved) await window.box.fill(/token/, liveCrew.token);
      await window.box.closed();
      await expectRecovery(stage, ofRun(label));
    }
  });

  it('problems with a response end when the user selects Refresh after the server recovered', async () => {
    for (const label of ['Data Export', 'Support Triage']) {
      const { simulator, stage } = scene;
      simulator.deployment(label).setTrouble([]);
      await stage.window.rowAction(new RegExp(shortOf(ofRun(label))), 'Refresh');
      await expectRecovery(stage, ofRun(label));
    }
  });
});
