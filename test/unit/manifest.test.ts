import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import {
  commandId,
  commandNames,
  contextKeys,
  extensionId,
  documentScheme,
  settingDefinitions,
  statusBarItemId,
  unreadColorId,
  viewId,
} from '#contributions';
import type { Kickoff } from '#core/kickoff/kickoff';
import { scopeOf, waitsForUser, type Trouble, type TroubleKind } from '#core/kickoff/trouble';
import { documentLanguageId, documentName } from '#present/documents/documentName';
import { outputFormats } from '#core/output/outputFormats';
import { deploymentRow } from '#present/rows/deploymentRow';
import { kickoffRow, startRow } from '#present/rows/kickoffRow';
import { taskRow } from '#present/rows/taskRow';
import { buttonCommands } from '#present/troubleText';
import { words } from '#present/words/words';
import { deployment, kickoff, phaseKinds, troubleKinds } from '#test/support/builders';
import { assertNone } from '#test/support/checks';
import manifest from '../../package.json';
import manifestTexts from '../../package.nls.json';
import { t } from './present/documents/hostile';

interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly enumItemLabels?: readonly string[];
  readonly markdownDescription: string;
  readonly scope: string;
  readonly order: number;
}

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

/** The manifest's contributions. The types of commands, menus, and settings include fields that only some of them have. */
interface Contributes extends Omit<typeof manifest.contributes, 'commands' | 'menus' | 'configuration'> {
  readonly commands: readonly Command[];
  readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
  readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
}

const contributes: Contributes = manifest.contributes;
const english: Readonly<Record<string, string>> = manifestTexts;
const menuItems = Object.values(contributes.menus).flat();

/** Returns every text in a part of the manifest. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function localized(text: string): string {
  return english[text.slice(1, -1)] ?? text;
}

describe('The manifest', () => {
  it('has the published ID', () => {
    assert.deepEqual([`${manifest.publisher}.${manifest.name}`, extensionId], ['kickoffs.crewai-kickoffs', 'kickoffs.crewai-kickoffs']);
  });

  it('has a version of three numbers', () => {
    assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
  });

  it('activates the extension only after startup, or for a document or link of a run', () => {
    assert.deepEqual(manifest.activationEvents, ['onStartupFinished', `onFileSystem:${documentScheme}`, 'onUri']);
  });

  it('prefers the local extension host', () => {
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
  });

  it('supports untrusted and virtual workspaces', () => {
    assert.equal(manifest.capabilities.virtualWorkspaces, true);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, true);
  });

  it('uses the API types of the oldest supported VS Code', () => {
    assert.equal(`^${manifest.devDependencies['@types/vscode']}`, manifest.engines.vscode);
  });

  it('pins the version of every package', () => {
    const packages = { ...manifest.dependencies, ...manifest.devDependencies };
    assertNone(Object.entries(packages), ([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  });

  it("states that the extension isn't affiliated with CrewAI", () =>
    assert.match(english['description'] ?? '', /not affiliated with CrewAI/i));

  it('refers only to existing pictures', () => {
    const pictures = texts(contributes).filter((text) => text.startsWith('media/'));
    for (const picture of pictures) assert.ok(existsSync(picture), picture);
    assert.ok(pictures.length > 0);
  });

  it('has a view container icon in the color of the theme', () => {
    for (const { icon } of contributes.viewsContainers.activitybar) {
      assert.match(icon, /\.svg$/);
      const colors = [...readFileSync(icon, 'utf8').matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, color]) => color);
      assertNone(colors, (color) => color !== 'none' && color !== 'currentColor');
    }
  });
});

describe('The texts of the manifest', () => {
  const named = texts(manifest).flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []);

  it('are exactly the texts in package.nls.json', () => {
    assert.deepEqual([...new Set(named)].sort(), Object.keys(english).sort());
  });

  it('are never hard-coded in the manifest', () => {
    const shown = [
      ...contributes.commands.map(({ title }) => title),
      ...Object.values(contributes.views).flatMap((all) => all.flatMap(({ name, contextualTitle }) => [name, contextualTitle])),
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...contributes.walkthroughs.flatMap((one) => [one.title, one.description]),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((one) => [one.title, one.description, one.media.altText])),
      ...Object.values(contributes.configuration.properties).flatMap((one) => [
        ...[one.markdownDescription, ...(one.enumDescriptions ?? []), ...(one.enumItemLabels ?? [])],
      ]),
    ];
    assertNone(shown, (text) => !/^%.*%$/.test(text));
  });
});

describe('The contributed commands', () => {
  it('are exactly the commands that the code registers', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), commandNames.map(commandId).sort());
  });

  it('all have the category CrewAI', () => {
    assertNone(contributes.commands, ({ category }) => category !== 'CrewAI');
  });

  it("have titles that begin with a capital letter and without the extension's name", () => {
    for (const { title } of contributes.commands) assert.match(localized(title), /^(?!CrewAI|Kickoffs)[A-Z][a-z]+(?: \.?[A-Za-z]+)*…?$/);
  });

  it('refer to icons only by name, as in $(refresh)', () => {
    for (const { icon } of contributes.commands) if (icon !== undefined) assert.match(icon, /^\$\([a-z-]+\)$/);
  });

  it('are disabled only while the view has no run or deployment that they need', () => {
    const disabled = (key: string): readonly string[] =>
      contributes.commands
        .filter(({ enablement }) => enablement === `!${key}`)
        .map(({ command }) => command.replace('crewaiKickoffs.', ''))
        .sort();
    const always = [
      ...['track', 'start', 'addDeployment', 'importEnv', 'undoRemove', 'deleteAllData'],
      ...['openNetworkSettings', 'openSettings', 'showLog'],
    ];
    assert.deepEqual(disabled(contextKeys.isEmpty), [
      ...['deleteToken', 'editDeployment', 'openInBrowser', 'remove', 'removeDeployment'],
      ...['rename', 'setToken', 'startAgain', 'trackHere'],
    ]);
    const forRuns = commandNames.filter((name) => !always.includes(name) && !disabled(contextKeys.isEmpty).includes(name));
    assert.deepEqual(disabled(contextKeys.hasNoRuns), [...forRuns].sort());
  });

  it('have icons if a menu shows them without their title', () => {
    const withoutTitle = menuItems.filter(({ group = '' }) => /^(?:navigation|inline)/.test(group));
    assertNone(withoutTitle, ({ command }) => contributes.commands.find((one) => one.command === command)?.icon === undefined);
  });
});

describe('The contributed views', () => {
  const all = Object.values(contributes.views).flat();

  it('are exactly the views of the code', () => {
    const [ids, containers] = [all, contributes.viewsContainers.activitybar].map((some) => some.map(({ id }) => id));
    assert.deepEqual([ids, containers], [[viewId], ['crewaiKickoffs']]);
    assert.deepEqual(Object.keys(contributes.views), ['crewaiKickoffs']);
  });

  it('have an icon and a title, in case a user drags them to another container', () => {
    assertNone(all, (view) => !('icon' in view && view.icon) || !('contextualTitle' in view && view.contextualTitle));
  });

  it('show the welcome text only while isEmpty is set', () => {
    for (const { view, when } of contributes.viewsWelcome) {
      assert.ok(all.some(({ id }) => id === view));
      assert.ok(when.split(/\s*&&\s*/).includes(contextKeys.isEmpty), when);
    }
  });

  it('have buttons for starting and tracking a run in the welcome text', () => {
    for (const { contents } of contributes.viewsWelcome) {
      const buttons = [...localized(contents).matchAll(/^\[[^\]]+\]\(command:([^)?]+)\)$/gm)].map(([, command]) => command);
      assert.deepEqual(buttons, [commandId('start'), commandId('track')]);
    }
  });
});

describe('The walkthrough', () => {
  const [walkthrough] = contributes.walkthroughs;
  const steps = walkthrough?.steps ?? [];
  const ours: readonly string[] = [...commandNames.map(commandId), `${viewId}.focus`];

  it('is linked in the welcome text', () => {
    const name = encodeURIComponent(JSON.stringify(`${manifest.publisher}.${manifest.name}#${walkthrough?.id}`));
    const [welcome] = contributes.viewsWelcome;
    assert.ok(decodeURIComponent(localized(welcome?.contents ?? '')).includes(`openWalkthrough?${decodeURIComponent(name)}`));
  });

  it('completes its steps when the user tracks a run, sets a token, sees the run, and reads an output', () => {
    const { hasTracked, hasSetToken, hasNoRuns, hasRead } = contextKeys;
    const inFront = (key: string) => `${key} && activeEditor == gettingStartedPage`;
    const watched = [`focusedView == ${viewId} && !${hasNoRuns}`, inFront(hasRead)];
    const done = [[inFront(hasTracked)], [inFront(hasSetToken)], watched, [inFront(hasRead)]];
    assert.deepEqual(
      steps.map(({ completionEvents }) => completionEvents),
      done.map((conditions) => conditions.map((condition) => `onContext:${condition}`)),
    );
  });

  it('uses only existing commands in its links', () => {
    const links = steps.flatMap(({ description }) =>
      [...localized(description).matchAll(/\(command:([^)]+)\)/g)].map(([, command = '']) => command),
    );
    assert.ok(links.length >= 4);
    assertNone(links, (command) => !ours.includes(command));
  });

  it('uses only theme colors in its pictures', () => {
    for (const { media } of steps) {
      const picture = readFileSync(media.svg, 'utf8');
      const colors = [...picture.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, color = '']) => color);
      assertNone(colors, (color) => color !== 'none' && !color.startsWith('var(--vscode-'));
    }
  });

  it('has small pictures without styles, scripts, or words', () => {
    for (const { media } of steps) {
      const picture = readFileSync(media.svg, 'utf8');
      assert.ok(picture.length < 4_000 && !/<style|style=|<script|<text[^>]*>[^<]*[g-z]{2}/i.test(picture), media.svg);
    }
  });
});

describe('The menus', () => {
  const contextOf = (fields: Partial<Kickoff>, known: { readonly trouble?: Trouble } = {}) =>
    kickoffRow(kickoff(fields), { now: 1, t, ...known }).contextValue;
  const deploymentContext = (kickoffs: readonly Kickoff[], known: { readonly trouble?: Trouble } = {}) =>
    deploymentRow(
      deployment(),
      { kickoffsOf: () => kickoffs, troubleOfDeployment: () => known.trouble, ownTroubleOf: () => undefined },
      1,
      t,
    ).contextValue;
  const succeeded = contextOf({ phase: { kind: 'succeeded' }, checkedAt: 1, output: 'json' });
  const failed = contextOf({ phase: { kind: 'failed', reason: 'No key.' }, checkedAt: 1, isUnread: true });
  const waiting = contextOf({ phase: { kind: 'waiting' }, checkedAt: 1 });
  const notChecked = contextOf({});
  const muted = contextOf({ isMuted: true });
  const plainDeployment = deploymentContext([]);
  const busyDeployment = deploymentContext([kickoff(), kickoff({ isUnread: true })]);
  const flow = contextOf({ phase: { kind: 'running' }, checkedAt: 1, isFlow: true });
  const attempt = { requestId: 'a', deployment: deployment().key, sentAt: 1, problem: { kind: 'unreachable' } } as const;
  const unknownStart = startRow(attempt, 1, t).contextValue;
  const taskContext = (hasOutput: boolean) =>
    taskRow(kickoff({ tasks: [{ position: 1, name: 'write', hasOutput }] }), 1, true, t)?.contextValue ?? '';
  const task = taskContext(true);
  const isInRow = (kind: TroubleKind): boolean => waitsForUser(kind) || ['run', 'none'].includes(scopeOf(kind));
  const isShared = (kind: TroubleKind): boolean =>
    !['run', 'none'].includes(scopeOf(kind)) || kind === 'serverTrouble' || kind === 'notAnAnswer';
  const withProblem = [
    ...[{}, { phase: { kind: 'running' }, checkedAt: 1, output: 'json' } as const].flatMap((fields) =>
      troubleKinds.filter(isInRow).map((kind) => [kind, contextOf(fields, { trouble: { kind } })] as const),
    ),
    ...troubleKinds.filter(isShared).map((kind) => [kind, deploymentContext([kickoff()], { trouble: { kind } })] as const),
  ];
  const withoutProblem = [
    ...phaseKinds.map((kind) => contextOf({ phase: { kind }, checkedAt: 1, output: 'json' })),
    ...[succeeded, failed, waiting, notChecked, muted, plainDeployment, busyDeployment, task, flow, unknownStart],
  ];
  const rows = [...withoutProblem, ...withProblem.map(([, context]) => context)];

  function itemsOf(context: string, where: 'menu' | 'inline', selected: 'one' | 'two' | 'several' = 'one'): readonly MenuItem[] {
    return (contributes.menus['view/item/context'] ?? [])
      .filter(({ group = '' }) => group.startsWith('inline') === (where === 'inline'))
      .filter(({ when = '' }) => new RegExp(/viewItem =~ \/(.*)\//.exec(when)?.[1] ?? '').test(context))
      .filter(({ when = '' }) => selected === 'one' || !when.includes('!listMultiSelection'))
      .filter(({ when = '' }) => selected === 'two' || !when.includes('listDoubleSelection'))
      .toSorted((a, b) => (a.group ?? '').localeCompare(b.group ?? '', 'en', { numeric: true }));
  }

  /** Returns the commands in the menu of a row, or the commands beside the row, in order. */
  function offered(...row: Parameters<typeof itemsOf>): readonly string[] {
    return itemsOf(...row).map(({ command }) => command.replace('crewaiKickoffs.', ''));
  }

  it('contain only contributed commands', () => {
    assertNone(menuItems, ({ command }) => !contributes.commands.some((one) => one.command === command));
  });

  it('have a condition on the view in each entry of a view menu', () => {
    for (const [menu, items] of Object.entries(contributes.menus)) {
      if (!menu.startsWith('view/')) continue;
      for (const { command, when = '' } of items) assert.ok(when.split(/\s*&&\s*/).includes(`view == ${viewId}`), `${menu} ${command}`);
    }
  });

  it('use exactly the context keys of the code, together with the rest of the manifest', () => {
    const ours: readonly string[] = Object.values(contextKeys);
    const events = contributes.walkthroughs
      .flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents))
      .filter((event) => event.startsWith('onContext:'));
    const enablements = contributes.commands.flatMap(({ enablement }) => enablement ?? []);
    const menus = menuItems.map(({ when }) => when ?? '');
    const whens = [...menus, ...enablements, ...contributes.viewsWelcome.map(({ when }) => when), ...events];
    const keys = whens.flatMap((when) => [...when.matchAll(/(?<![=\w.] ?)(crewaiKickoffs\.\w+)/g)].map(([, key = '']) => key));
    for (const key of keys) assert.ok(ours.includes(key) || key === viewId, key);
    for (const key of ours) assert.ok(key.startsWith('crewaiKickoffs.') && whens.some((when) => when.includes(key)), key);
  });

  it('add buttons only to the editor titles of run documents, and of input files in trusted workspaces', () => {
    assertNone(
      contributes.menus['editor/title'] ?? [],
      ({ when = '' }) =>
        !/resourceScheme == crewai-kickoff|resource in crewaiKickoffs|\\.inputs\\.jsonc\$\/ && isWorkspaceTrusted$/.test(when),
    );
  });

  it('have only viewItem conditions that are true for at least one row', () => {
    const patterns = menuItems.flatMap(({ when = '' }) => /viewItem =~ \/(.*)\//.exec(when)?.[1] ?? []);
    assertNone(patterns, (pattern) => !rows.some((row) => new RegExp(pattern).test(row)));
  });

  it("offer exactly the commands that apply to a run that hasn't been checked yet", () => {
    const queued = [
      'openReport',
      'refresh',
      'startAgain',
      'stop',
      'copyId',
      'copyDiagnostics',
      'mute',
      'rename',
      'moveToDeployment',
      'remove',
    ];
    assert.deepEqual(offered(notChecked, 'menu'), queued);
  });

  it('offer exactly the commands that apply to a succeeded run', () => {
    const output = ['openOutput', 'openReport', 'openRawStatus', 'compareWithPrevious', 'copyOutput', 'saveOutput'];
    assert.deepEqual(offered(succeeded, 'menu'), [
      ...output.slice(0, 4),
      'startAgain',
      ...output.slice(4),
      'copyId',
      'copyDiagnostics',
      'rename',
      'remove',
    ]);
  });

  it('offer exactly the commands that apply to a failed run', () => {
    const error = ['openReport', 'openRawStatus', 'startAgain', 'copyId', 'copyError', 'copyDiagnostics', 'markRead', 'rename', 'remove'];
    assert.deepEqual(offered(failed, 'menu'), error);
  });

  it('offer to unmute a muted run, but not to mute it', () => {
    assert.ok(offered(muted, 'menu').includes('unmute') && !offered(muted, 'menu').includes('mute'));
  });

  it("offer to move a checked run to another deployment only if the run wasn't found", () => {
    const movable = phaseKinds.filter((_, index) => offered(rows[index] ?? '', 'menu').includes('moveToDeployment'));
    assert.deepEqual(movable, ['missing'], 'only a run that wasn’t found can be at another deployment');
  });

  const alwaysForDeployments = [
    ...['start', 'trackHere', 'openInBrowser', 'setToken', 'editDeployment', 'rename'],
    ...['deleteToken', 'removeDeployment'],
  ];

  it('offer exactly the commands that apply to a deployment without runs', () => {
    assert.deepEqual(offered(plainDeployment, 'menu'), alwaysForDeployments);
  });

  it('offer to refresh a deployment with active runs and to mark its unread runs as read', () => {
    const more = offered(busyDeployment, 'menu').filter((command) => !alwaysForDeployments.includes(command));
    assert.deepEqual(more, ['refresh', 'markDeploymentRead']);
  });

  it('offer to continue a run only if it is a run of a flow', () => {
    assert.ok(offered(flow, 'menu').includes('continueRun') && !offered(succeeded, 'menu').includes('continueRun'));
  });

  it("offer exactly the commands that apply to a start that AMP didn't confirm", () => {
    assert.deepEqual(offered(unknownStart, 'menu'), ['startAgain', 'trackHere', 'openInBrowser', 'remove']);
    assert.deepEqual(offered(unknownStart, 'inline'), ['openInBrowser']);
  });

  it('offer commands at a task only if the task has an output', () => {
    assert.deepEqual(offered(task, 'menu'), ['openOutput', 'compareWithPrevious', 'copyOutput', 'saveOutput']);
    assert.deepEqual(offered(taskContext(false), 'menu'), []);
  });

  it('offer to compare rows with outputs only while two rows are selected', () => {
    for (const [row, command] of [[succeeded, 'compareSelected'] as const, [task, 'compareSelectedTasks'] as const]) {
      assert.ok(offered(row, 'menu', 'two').includes(command));
      for (const selected of ['one', 'several'] as const) assert.ok(!offered(row, 'menu', selected).includes(command));
    }
  });

  it('of several selected runs offer exactly the commands that apply to several runs', () => {
    assert.deepEqual(offered(failed, 'menu', 'several'), ['copyId', 'markRead', 'remove']);
    assert.deepEqual(offered(notChecked, 'menu', 'several'), ['refresh', 'stop', 'copyId', 'mute', 'remove']);
  });

  it('have no group with only one command, except the group for removing runs or deployments', () => {
    for (const row of withoutProblem) {
      const groups = Map.groupBy(itemsOf(row, 'menu'), ({ group = '' }) => group.split('@')[0]);
      for (const [group, items] of groups) assert.ok(items.length > 1 || group === '9_remove', `${row}: ${group}`);
    }
  });

  it('give each entry of a group its own number', () => {
    for (const [menu, items] of Object.entries(contributes.menus)) {
      const places = items
        .filter(({ group }) => group !== undefined)
        .map(({ group = '', when = '' }) => `${/viewItem =~ \/\\b(kickoff|deployment|task|start)\\b/.exec(when)?.[1] ?? menu} ${group}`);
      assert.deepEqual(places, [...new Set(places)], menu);
    }
  });

  it('show only the button for the problem beside a row with a problem', () => {
    for (const [kind, context] of withProblem) assert.deepEqual(offered(context, 'inline'), [buttonCommands[kind]], context);
  });

  it('show no button beside a row without “button-…” in its context value', () => {
    for (const row of withoutProblem.filter((one) => !one.includes('button-'))) assert.deepEqual(offered(row, 'inline'), [], row);
  });

  it('show only the button for the output beside a succeeded run with an output', () => {
    assert.deepEqual(offered(succeeded, 'inline'), ['openOutput']);
  });

  it('show only the button for the page in AMP beside a run that waits for human input', () => {
    assert.deepEqual(offered(waiting, 'inline'), ['openInBrowser']);
  });

  // The key always runs Remove Run, which removes the focused row of either kind. The condition of Remove Deployment is never true, because
  // keys have no `viewItem`. It only shows the key in the menu.
  it('show the Delete key beside the commands that remove a run or a deployment', () => {
    const commands = contributes.keybindings.filter(({ key }) => key === 'delete').map(({ command }) => command);
    assert.deepEqual(commands.sort(), [commandId('remove'), commandId('removeDeployment')].sort());
  });

  it('have the same command titles as the buttons of problems', () => {
    for (const kind of troubleKinds) {
      const { title } = contributes.commands.find(({ command }) => command === commandId(buttonCommands[kind])) ?? {};
      assert.equal(localized(title ?? ''), t(words[buttonCommands[kind]]), kind);
    }
  });

  it('contain every command that has a button beside the row', () => {
    for (const row of rows)
      for (const command of offered(row, 'inline')) assert.ok(offered(row, 'menu').includes(command), `${command}: ${row}`);
  });

  it('have at most three icons in the title of the view', () => {
    assert.ok((contributes.menus['view/title'] ?? []).filter(({ group = '' }) => group.startsWith('navigation')).length <= 3);
  });

  it('have the commands that remove or delete, and no others, in the last group', () => {
    for (const menu of ['view/item/context', 'view/title']) {
      const items = (contributes.menus[menu] ?? []).filter(({ group = '' }) => !group.startsWith('inline'));
      for (const { command, group = '' } of items)
        assert.equal(group.startsWith('9_remove@'), /\.(?:remove|delete)/.test(command), `${menu} ${command}`);
      assert.ok(items.every(({ group = '' }) => group.localeCompare('9_remove@9') < 0 || group.startsWith('navigation')));
    }
  });
});

describe('The contributed languages', () => {
  /** Returns the language that VS Code selects: the language with the longest pattern that matches. */
  function languageOf(path: string): string | undefined {
    const patterns = contributes.languages.flatMap(({ id, filenamePatterns }) => filenamePatterns.map((pattern) => ({ id, pattern })));
    const matching = patterns.filter(({ pattern }) => matchesGlob(`/${documentScheme}/1/some-id/${path}`, pattern));
    return matching.toSorted((one, other) => other.pattern.length - one.pattern.length)[0]?.id;
  }

  it('are exactly the languages that the code gives to documents', () => {
    const task = { position: 1, name: 'x', hasOutput: true };
    const runs = outputFormats.map((language) => kickoff({ output: language, tasks: [{ ...task, language }] }));
    for (const run of runs)
      for (const kind of ['output', { taskPosition: 1 }, 'sorted', 'status'] as const) {
        const path = documentName(run, kind);
        assert.equal(languageOf(path), documentLanguageId(path), path);
      }
    assert.equal(languageOf(documentName(kickoff(), 'report')), undefined);
    const used = runs.flatMap((run) => languageOf(documentName(run, 'output')));
    assert.deepEqual([...new Set(used)].sort(), contributes.languages.map(({ id }) => id).sort());
  });

  it('have a grammar that includes a grammar of VS Code, except for plain text', () => {
    const colored = contributes.grammars.map(({ language, scopeName, path }) => {
      const grammar = JSON.parse(readFileSync(path, 'utf8')) as {
        readonly scopeName: string;
        readonly patterns: readonly { readonly include: string }[];
      };
      assert.equal(grammar.scopeName, scopeName);
      assert.equal(`${grammar.patterns[0]?.include}.kickoff-output`, scopeName, 'themes and injections match the prefix');
      return language;
    });
    assert.deepEqual(
      colored,
      contributes.languages.slice(1).map(({ id }) => id),
    );
  });

  it("have no names, so that they aren't in the list of language modes", () => {
    assertNone(contributes.languages, ({ aliases }) => aliases.length > 0);
  });
});

describe('The contributed settings', () => {
  const { properties } = contributes.configuration;

  it('are exactly the settings that the code reads', () => {
    const keys: readonly string[] = Object.values(settingDefinitions).map(({ key }) => key);
    assert.deepEqual(Object.keys(properties).sort(), keys.toSorted());
  });

  it('have no key that extends another key with a dot, because VS Code would ignore one key', () => {
    const keys = Object.keys(properties);
    assertNone(keys, (key) => keys.some((other) => other.startsWith(`${key}.`)));
  });

  for (const setting of Object.values(settingDefinitions)) {
    it(`have the same default, type, values, and limits for ${setting.key} as the code`, () => {
      const contributed = properties[setting.key];
      assert.deepEqual(contributed?.default, setting.default);
      assert.deepEqual(contributed.minimum, 'minimum' in setting ? setting.minimum : undefined);
      assert.deepEqual(contributed.maximum, 'maximum' in setting ? setting.maximum : undefined);
      assert.deepEqual(contributed.enum, 'values' in setting ? setting.values : undefined);
      assert.equal(contributed.type, typeof setting.default);
    });

    if (!('values' in setting)) continue;
    it(`have a description and a label for each value of ${setting.key}, in the order of the values`, () => {
      const contributed = properties[setting.key];
      const textsOf = (suffix: string) =>
        contributed?.enum?.map((value) => `%setting.${setting.key.replace('crewaiKickoffs.', '')}.${value}${suffix}%`);
      assert.deepEqual(contributed?.enumDescriptions, textsOf(''));
      assert.deepEqual(contributed?.enumItemLabels, textsOf('.label'));
    });
  }

  it('describe values only for a setting that has a list of values', () => {
    for (const { enum: values, enumDescriptions, enumItemLabels } of Object.values(properties))
      if (values === undefined) assert.deepEqual([enumDescriptions, enumItemLabels], [undefined, undefined]);
  });

  it('can be set only in user settings', () => {
    for (const [key, { scope }] of Object.entries(properties)) assert.equal(scope, 'application', key);
  });

  it('link only to existing settings, in the form that the settings editor supports', () => {
    const links = Object.values(properties).flatMap(({ markdownDescription }) => [
      ...localized(markdownDescription).matchAll(/`?#(crewaiKickoffs\.[\w.]+)#`?/g),
    ]);
    assert.ok(links.length >= 3);
    for (const [link, key = ''] of links) assert.ok(key in properties && link === `\`#${key}#\``, link);
    for (const text of Object.entries(english).filter(([key]) => key.startsWith('setting.')))
      for (const [key] of text[1].matchAll(/(?<!#)crewaiKickoffs\.[\w.]+(?!#)/g)) assert.fail(`${text[0]}: ${key} isn't a link`);
  });

  it('have consecutive order numbers, from notifications to polling intervals', () => {
    for (const [index, { order }] of Object.values(properties).entries()) assert.equal(order, index + 1);
    assert.match(
      Object.keys(properties).join(),
      /^crewaiKickoffs\.notifications,.*minimumSeconds,crewaiKickoffs\.polling\.maximumSeconds$/,
    );
  });
});

describe('The contributed color', () => {
  it('is the color of unread runs, and has a default for each kind of theme', () => {
    const colors = contributes.colors.map(({ id, defaults }) => [id, ...Object.keys(defaults)]);
    assert.deepEqual(colors, [[unreadColorId, 'dark', 'light', 'highContrast', 'highContrastLight']]);
  });
});

describe('The public IDs', () => {
  it('of documents, the status bar item, and the view never change, because users and extensions may store them', () => {
    assert.deepEqual([documentScheme, statusBarItemId, viewId], ['crewai-kickoff', 'crewaiKickoffs.status', 'crewaiKickoffs.kickoffs']);
  });
});
