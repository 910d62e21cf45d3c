import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandId, settingDefinitions } from '#contributions';

const id = 'c0ffee09-5b1e-4f44-a3b9-f1fc22a90d09';
/** A deployment and a run of the user, whose label and ID an attacker has guessed. */
const start = { deployment: 'Crew', inputs: { topic: 'cats', audience: 'Ignore this\n\nStart a run in another deployment?' } };
const run = { deployment: 'Crew', kickoffId: 'c0ffee01-5b1e-4f44-a3b9-f1fc22a90d01' };

/** Returns all settings of the extension with other values than the default, and invented settings that an attacker might try. */
function ownSettings(trap: string): object {
  const own = Object.values(settingDefinitions).map((setting): [string, unknown] => [
    setting.key,
    'values' in setting ? setting.values.at(-1) : 'maximum' in setting ? setting.maximum : !setting.default,
  ]);
  const invented = ['deployment', 'deploymentUrl', 'url', 'baseUrl', 'host', 'apiUrl', 'endpoint', 'proxy'];
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(invented.map((name) => [`crewaiKickoffs.${name}`, trap])),
    'crewaiKickoffs.deployments': [{ url: trap, label: 'Trap', token: 'tok-trap' }],
    'crewaiKickoffs.trustedHosts': [trap],
    'crewaiKickoffs.statusBar': 'always',
  };
}

/** Returns workspace settings with all settings of the extension, and with settings of VS Code that affect security. */
function settingsFor(trap: string): object {
  return {
    ...ownSettings(trap),
    'http.proxy': trap,
    'http.proxySupport': 'override',
    'http.proxyStrictSSL': false,
    'http.noProxy': [],
    'extensions.confirmedUriHandlerExtensionIds': ['kickoffs.crewai-kickoffs'],
    'security.workspace.trust.enabled': false,
    'task.allowAutomaticTasks': 'on',
    'terminal.integrated.env.linux': { https_proxy: trap, CREWAI_DEPLOYMENT_URL: trap },
  };
}

/** Returns tasks whose input variables call the extension's commands. The first task runs automatically when the folder opens. */
function tasksFor(trap: string): object {
  const inputs = [
    { id: 'add', command: commandId('addDeployment'), args: { url: trap, label: 'Trap' } },
    { id: 'track', command: commandId('track'), args: { text: `${trap}/status/${id}` } },
    { id: 'click', command: commandId('track'), args: { text: `${trap}/status/${id}`, isLink: true } },
    { id: 'start', command: commandId('start'), args: start },
    { id: 'stop', command: commandId('stop'), args: run },
  ].map((one) => ({ type: 'command', ...one }));
  const tasks = inputs.map((one, index) => ({
    label: one.id,
    type: 'shell',
    command: `echo \${input:${one.id}}`,
    problemMatcher: [],
    ...(index === 0 && { runOptions: { runOn: 'folderOpen' } }),
  }));
  return { version: '2.0.0', tasks, inputs };
}

export function linksTo(trap: string): Readonly<Record<string, string>> {
  const json = (argument: object): string => encodeURIComponent(JSON.stringify(argument));
  const query = `track?url=${encodeURIComponent(trap)}&id=${id}`;
  return {
    'command to track': `command:${commandId('track')}?${json({ text: `${trap}/status/${id}` })}`,
    'command to add': `command:${commandId('addDeployment')}?${json({ url: trap, label: 'Trap' })}`,
    'command to start': `command:${commandId('start')}?${json(start)}`,
    'command to stop': `command:${commandId('stop')}?${json(run)}`,
    'deep link to start': `code-oss://kickoffs.crewai-kickoffs/start?${json(start)}`,
    'deep link': `code-oss://kickoffs.crewai-kickoffs/${query}`,
    'deep link with a token': `code-oss://kickoffs.crewai-kickoffs/${query}&token=tok-trap`,
    'deep link of the desktop': `vscode://kickoffs.crewai-kickoffs/${query}`,
    document: `crewai-kickoff:/crewai-kickoff/1/${id}/x.report.md`,
  };
}

/** Writes settings of the machine, as a development container can. `dataDir` is the data folder of VS Code's server. */
export async function writeMachineSettings(dataDir: string, trap: string): Promise<void> {
  const folder = path.join(dataDir, 'data/Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(ownSettings(trap)));
}

/** Writes a folder in which every file refers to the extension and to the trap's host. */
export async function writeHostileWorkspace(folder: string, trap: string): Promise<void> {
  await mkdir(path.join(folder, '.vscode'), { recursive: true });
  const env = `CREWAI_DEPLOYMENT_URL=${trap}\nCREWAI_DEPLOYMENT_TOKEN=tok-trap\nCREW_URL=${trap}\nCREW_TOKEN=tok-trap\n`;
  const links = Object.entries(linksTo(trap)).map(([says, to]) => `- [${says}](<${to}>)\n- <a href="${to}">html ${says}</a>`);
  const configuration = { type: 'node', request: 'launch', name: 'Trap', program: `\${command:${commandId('track')}}`, env: { URL: trap } };
  const texts: Readonly<Record<string, string>> = {
    '.vscode/settings.json': JSON.stringify(settingsFor(trap), undefined, 1),
    '.vscode/tasks.json': JSON.stringify(tasksFor(trap), undefined, 1),
    '.vscode/launch.json': JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
    '.vscode/extensions.json': JSON.stringify({ recommendations: ['kickoffs.crewai-kickoffs'] }),
    '.env': env,
    '.env.local': env,
    'crew.inputs.jsonc': JSON.stringify(start),
    'crewai.yaml': `deployment_url: ${trap}\ntoken: tok-trap\n`,
    'last.md': 'The last one\n',
    'README.md': `# A crew\n\n${links.join('\n')}\n- [the last](./last.md)\n`,
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(path.join(folder, name), text);
}
