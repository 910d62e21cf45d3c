import { randomUUID } from 'node:crypto';
import { json, type Outcome } from './answer';
import type { Dialect } from './dialect';
import { documented } from './documented';
import { live } from './live';
import { asObject, parsed } from './requestText';
import { Run, type Time } from './run';
import { withInputs, type RunScript, type Task } from './runScript';
import { Troubles, type Trouble } from './trouble';
import { troubleAnswer } from './troubleAnswer';

export interface DeploymentScript {
  readonly name: string;
  readonly token: string;
  readonly dialect: 'live' | 'documented';
  readonly kind: 'crew' | 'flow';
  readonly tasks: readonly Task[];
  /** The names of the inputs. A crew rejects a kickoff without one of them. */
  readonly inputs?: readonly string[];
  /** Whether the deployment has the route POST /stop. The default is true. */
  readonly canStop?: boolean;
  /** The script of runs that POST /kickoff starts. */
  readonly kickoff?: RunScript;
}

/** A run that starts without a POST /kickoff request. */
export interface ScriptedRun {
  readonly id?: string;
  readonly script?: RunScript;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. The default is the time at which the run is added. */
  readonly startedAt?: number;
}

/** A POST /kickoff that started a run. */
export interface AcceptedStart {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Settings of the whole simulator. */
export interface Setting extends Time {
  readonly startsWhenPolled: boolean;
}

const dialects = { live, documented } as const satisfies Record<DeploymentScript['dialect'], Dialect>;

/** A deployment that responds to requests without a network. */
export class Deployment {
  readonly #runs = new Map<string, Run>();
  readonly #dialect: Dialect;
  readonly #starts: AcceptedStart[] = [];
  #token: string;
  #troubles = new Troubles();
  #troubledAt = 0;

  constructor(
    readonly script: DeploymentScript,
    private readonly setting: Setting,
  ) {
    this.#dialect = dialects[script.dialect];
    this.#token = script.token;
  }

  get token(): string {
    return this.#token;
  }

  get starts(): readonly AcceptedStart[] {
    return this.#starts;
  }

  setToken(token: string): void {
    this.#token = token;
  }

  setTrouble(troubles: readonly Trouble[]): void {
    this.#troubles = new Troubles(troubles);
    this.#troubledAt = this.setting.now();
  }

  addRun({ id = randomUUID(), script = {}, inputs = {}, startedAt }: ScriptedRun = {}): string {
    this.#store(id, script, { inputs, meta: undefined }, startedAt ?? (this.setting.startsWhenPolled ? undefined : this.setting.now()));
    return id;
  }

  answer(ask: { method: string; path: string; authorization: string | undefined; body: string }): Outcome {
    const [route = '', id, ...rest] = (ask.path.split('?')[0] ?? '').slice(1).split('/').map(decodeURIComponent);
    const trouble = this.#troubles.met(((this.setting.now() - this.#troubledAt) / 1000) * this.setting.speed, route);
    const good = (): Outcome => {
      const reply = rest.length > 0 ? undefined : this.#routed(`${ask.method} ${route}`, id, ask.body);
      if (!reply) return this.#dialect.error('noRoute');
      return this.#refusal(ask.authorization) ?? reply();
    };
    return trouble ? this.#troubled(trouble, id ?? '', good) : good();
  }

  #routed(route: string, id: string | undefined, body: string): (() => Outcome) | undefined {
    if (id === undefined) {
      if (route === 'GET inputs') return () => json(200, { inputs: this.script.inputs ?? [] });
      if (route === 'POST kickoff') return () => this.#kickoff(body);
      return undefined;
    }
    if (route === 'POST stop' && this.script.canStop !== false) return () => this.#stop(id);
    return route === 'GET status' ? () => this.#status(id) : undefined;
  }

  #refusal(authorization: string | undefined): Outcome | undefined {
    if (authorization === undefined) return this.#dialect.error('notAuthenticated');
    return authorization === `Bearer ${this.#token}` ? undefined : this.#dialect.error('tokenRefused');
  }

  #status(id: string): Outcome {
    const run = this.#runs.get(id);
    if (!run) return this.#dialect.unknownRun(id);

    const trouble = run.countPoll();
    const good = (): Outcome => this.#dialect.status(run.view());
    return trouble ? this.#troubled(trouble, id, good) : good();
  }

  #stop(id: string): Outcome {
    const run = this.#runs.get(id);
    if (!run) return json(404, { error: 'Execution not found', message: `No execution with the ID ${id}` });
    const state = run.stop();
    return state === undefined
      ? json(200, { status: 'stopped', kickoffId: id })
      : json(400, { detail: `Cannot stop execution. Current state: ${state}` });
  }

  #kickoff(body: string): Outcome {
    const request = asObject(parsed(body));
    if (!request) return this.#dialect.error('crash');

    const inputs = asObject(request['inputs']) ?? {};
    const missing = (this.script.inputs ?? []).filter((name) => !Object.hasOwn(inputs, name)).sort();
    if (this.script.kind === 'crew' && missing.length > 0)
      return this.#dialect.error('missingInputs', `Missing inputs: ${missing.join(', ')}`);

    const id = randomUUID();
    this.#starts.push({ id, body: request });
    this.#store(id, this.script.kickoff ?? {}, { inputs, meta: request['meta'] }, this.setting.now());
    return json(200, { kickoff_id: id });
  }

  #store(
    id: string,
    script: RunScript,
    request: { inputs: Readonly<Record<string, unknown>>; meta: unknown },
    startedAt: number | undefined,
  ): void {
    const full = withInputs({ tasks: this.script.tasks, ...script }, request.inputs);
    const facts = { id, kind: this.script.kind, script: full, meta: request.meta, startedAt };
    this.#runs.set(id, new Run(facts, this.setting));
  }

  #troubled(trouble: Trouble, id: string, good: () => Outcome): Outcome {
    return troubleAnswer(trouble, { dialect: this.#dialect, id, now: this.setting.now(), good });
  }
}
