import * as vscode from 'vscode';
import type { Board } from '../core/board';
import { captured, type Captured } from '../core/capture';
import { canonicalUrl, isDashboard, isUnencrypted, proposedLabel, type Deployment, type DeploymentUrl } from '../core/deployment';
import { UserFacingError } from '../core/errors';
import { clean, plain } from '../present/clean';
import { words } from '../present/words';
import { ask, back, choose, type Place } from './prompts';

/** What is known so far: of the run, and of its deployment, which is a known one or a new one in the making. */
export interface Answers {
  readonly captured?: Captured;
  readonly deployment?: Deployment;
  readonly isNew?: true;
  readonly url?: DeploymentUrl;
  readonly label?: string;
}

type QuestionName = 'kickoffId' | 'deployment' | 'url' | 'label';

/** How many questions usually follow. */
const following = { kickoffId: 3, deployment: 0, url: 2, label: 1 } as const satisfies Record<QuestionName, number>;

/** The questions of Track Kickoff and Add Deployment: each is asked only when its answer is missing, and Back undoes the last. */
export class Questions {
  /** What stands in each box, so that neither Back nor Escape loses it. */
  readonly #typed = new Map<QuestionName, string>();

  constructor(private readonly board: Board) {}

  /** Asks until nothing is missing; throws `Cancelled` on Escape. */
  async askAll(title: string, given: Answers, wantsKickoff: boolean): Promise<Answers> {
    const rounds: Answers[] = [given];
    for (;;) {
      const known = rounds.at(-1) ?? given;
      const name = this.#missing(known, wantsKickoff);
      if (!name) {
        this.#typed.clear();
        return known;
      }
      const step = rounds.length;
      const answer = await this.#ask(name, known, { title, step, totalSteps: step + this.#following(name) });
      if (answer === back) rounds.pop();
      else if (answer) rounds.push(this.#resolved({ ...known, ...answer }));
    }
  }

  /** The known deployment of that label or address. */
  known(name: string): Deployment | undefined {
    const url = canonicalUrl(name);
    return this.board.deployments.find((one) => one.url === url || one.label === name);
  }

  /** Throws when a given label cannot be taken. */
  checkLabel(label: string): void {
    const wrong = this.#labelIsWrong(label);
    if (wrong !== undefined) throw new UserFacingError(wrong);
  }

  #missing({ captured: run, deployment, isNew, url, label }: Answers, wantsKickoff: boolean): QuestionName | undefined {
    if (wantsKickoff && !run) return 'kickoffId';
    if (deployment) return undefined;
    if (wantsKickoff && !isNew && !run?.url && this.board.deployments.length > 0) return 'deployment';
    if (!url) return 'url';
    return label === undefined ? 'label' : undefined;
  }

  #following(name: QuestionName): number {
    return name === 'kickoffId' && this.board.deployments.length > 0 ? 1 : following[name];
  }

  /** An address that is known already names its deployment. */
  #resolved(answers: Answers): Answers {
    const url = answers.url ?? answers.captured?.url;
    const deployment = answers.deployment ?? this.board.deployments.find((one) => one.url === url);
    return deployment ? { ...answers, deployment } : answers;
  }

  async #ask(name: QuestionName, known: Answers, place: Place): Promise<Partial<Answers> | typeof back | undefined> {
    switch (name) {
      case 'kickoffId':
        return this.#kickoffId(place);
      case 'deployment':
        return this.#deployment(place);
      case 'url':
        return this.#url(place, known.captured?.url);
      case 'label':
        return this.#label(place, known.url);
    }
  }

  async #kickoffId(place: Place): Promise<Partial<Answers> | typeof back> {
    const text = await ask({
      ...place,
      prompt: vscode.l10n.t(words.kickoffIdPrompt),
      placeholder: vscode.l10n.t(words.kickoffIdPlaceholder),
      ...this.#kept('kickoffId'),
      check: (typed) => (captured(typed) ? undefined : vscode.l10n.t(words.kickoffIdWrong)),
    });
    const found = text === back ? undefined : captured(text);
    return found ? { captured: found } : back;
  }

  async #deployment(place: Place): Promise<Partial<Answers> | typeof back> {
    const known = this.board.deployments.map((deployment) => ({ label: plain(deployment.label), description: deployment.url, deployment }));
    const add = {
      label: vscode.l10n.t(words.addDeploymentRow),
      iconPath: new vscode.ThemeIcon('add'),
      alwaysShow: true,
      deployment: undefined,
    };
    const item = await choose([...known, add], { ...place, placeholder: vscode.l10n.t(words.deploymentPlaceholder) });
    if (item === back) return back;
    return item.deployment ? { deployment: item.deployment } : { isNew: true };
  }

  /** Undefined when the user would rather not send a token unencrypted: the box is asked again. */
  async #url(place: Place, named: DeploymentUrl | undefined): Promise<Partial<Answers> | typeof back | undefined> {
    const text = await ask({
      ...place,
      prompt: vscode.l10n.t(words.urlPrompt),
      placeholder: vscode.l10n.t(words.urlPlaceholder),
      ...this.#kept('url', named),
      check: urlIsWrong,
    });
    if (text === back) return back;
    const url = canonicalUrl(text);
    if (!url) return undefined;
    return (await agreesToSendUnencrypted(url)) ? { url } : undefined;
  }

  async #label(place: Place, url: DeploymentUrl | undefined): Promise<Partial<Answers> | typeof back> {
    const label = await ask({
      ...place,
      prompt: vscode.l10n.t(words.labelPrompt),
      placeholder: vscode.l10n.t(words.labelPlaceholder),
      ...this.#kept('label', url && proposedLabel(url)),
      check: (typed) => this.#labelIsWrong(typed),
    });
    return label === back ? back : { label: clean(label) };
  }

  #labelIsWrong(typed: string): string | undefined {
    const label = clean(typed);
    if (label === '') return vscode.l10n.t(words.labelWrong);
    return this.board.deployments.some((one) => one.label === label) ? vscode.l10n.t(words.labelTaken) : undefined;
  }

  #kept(name: QuestionName, proposed = ''): { readonly value: string; readonly onDidType: (text: string) => void } {
    return { value: this.#typed.get(name) ?? proposed, onDidType: (text) => this.#typed.set(name, text) };
  }
}

/** Why a typed address cannot be a deployment's; undefined when it can. */
export function urlIsWrong(typed: string): string | undefined {
  const url = canonicalUrl(typed);
  if (!url) return vscode.l10n.t(words.urlWrong);
  return isDashboard(url) ? vscode.l10n.t(words.urlDashboard) : undefined;
}

/** Asks, where a token could be read on the way. */
export async function agreesToSendUnencrypted(url: DeploymentUrl): Promise<boolean> {
  if (!isUnencrypted(url)) return true;
  const goOn = vscode.l10n.t(words.unencryptedGoOn);
  const detail = vscode.l10n.t(words.unencryptedDetail, url);
  return (await vscode.window.showWarningMessage(vscode.l10n.t(words.unencryptedQuestion), { modal: true, detail }, goOn)) === goOn;
}
