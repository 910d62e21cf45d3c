import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DeploymentScript } from '#test/simulator/deployment';
import { startSimulator, type SimulatedDeployment } from '#test/simulator/server';
import type { Workbench } from '../support/host/window.mjs';
import { openScene } from './scene';
import { rowThatSays, until, type Stage } from './stage';

/** Opens a folder, imports the deployments from its `.env` file, and gives them their names as labels before the tests of the current suite. */
export function useStarts(deployments: readonly DeploymentScript[]) {
  const scene = openScene(
    async () => ({ simulator: await startSimulator({ deployments }) }),
    ({ simulator }) => ({
      project: async (stageFolder) => {
        const folder = path.join(stageFolder, 'project');
        await mkdir(folder);
        await writeFile(path.join(folder, '.env'), simulator.deployments.map(envLines).join(''));
        return folder;
      },
    }),
  );
  before(async () => {
    const { window } = scene.stage;
    await window.command('CrewAI: Import Deployments from .env…');
    await window.box.pickRow(/^\.env$/);
    await window.box.shows(/Select the deployments to import/);
    await until('all deployments', async () => (await window.box.rows()).length === deployments.length);
    await window.box.enter();
    await until('all rows', async () => (await window.rows()).length === deployments.length);
    for (const { name } of deployments) {
      // The row may lose the key while VS Code draws the other rows.
      await until('the box for the label', async () => {
        await window.pressInRow(/^127\.0\.0\.1/, 'F2');
        return until('a box', () => window.box.isOpen(), 3_000);
      });
      await window.box.fill(/label/, name);
      await window.box.closed();
      await rowThatSays(window, new RegExp(`^${name}`));
    }
  });
  return scene;
}

export function projectFolder({ folder }: Stage): string {
  return path.join(folder, 'project');
}

function envLines({ name, url, token }: SimulatedDeployment): string {
  return `${name.toUpperCase()}_CREW_URL=${url}\n${name.toUpperCase()}_CREW_TOKEN=${token}\n`;
}

/** Returns the inputs of the accepted starts. Checks that each body has only the documented members and its own request ID. */
export function inputsSent({ starts }: SimulatedDeployment): readonly unknown[] {
  for (const { body } of starts) {
    const { inputs: _, restoreFromStateId: _state, meta, ...others } = body;
    assert.deepEqual(others, {});
    const { requestId, ...source } = meta as { readonly requestId: string };
    assert.match(requestId, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.deepEqual(source, { source: 'vscode' });
  }
  assert.equal(new Set(starts.map(({ body }) => JSON.stringify(body['meta']))).size, starts.length);
  return starts.map(({ body }) => body['inputs']);
}

/** Waits for a question of VS Code, presses Escape, and waits until the box before the question is closed, too. */
export async function refuse(window: Workbench, pattern: RegExp): Promise<void> {
  await window.readDialog(pattern);
  await window.page.keyboard.press('Escape');
  await until('the question to close', async () => (await window.dialog()) === undefined && !(await window.box.isOpen()));
}

/** Waits until a deployment accepted this number of starts. */
export async function startsOf(deployment: SimulatedDeployment, count: number): Promise<void> {
  await until(`${count} starts`, () => {
    if (deployment.starts.length !== count) throw new Error(`${deployment.starts.length} starts`);
    return true;
  });
}
