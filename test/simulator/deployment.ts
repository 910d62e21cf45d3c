import { randomUUID } from 'node:crypto';
import { json, type Answer, type Outcome } from './answer';
import type { Dialect } from './dialect';
import { documented } from './documented';
import { live } from './live';
import { asObject, parsed } from './requestText';
import { Run, type Time } from './run';
import { withInputs, type RunScript, type Task } from './runScript';
import { Troubles, type Trouble } from './trouble';
import { troubleAnswer } from './troubleAnswer';

type Inputs = Readonly<Record<string, unknown>>;

export interface DeploymentScript {
  readonly name: string;
  readonly token: string;
  readonly dialect: 'live' | 'documented';
  readonly kind: 'crew' | 'flow';
  readonly tasks: readonly Task[];
  /** The names of the inputs. A crew rejects a kickoff without one of them. */
  readonly inputs?: readonly string[];
  /** Inputs that a crew requires, although GET /inputs doesn't list them. */
  readonly unlisted?: readonly string[];
  /** The values of a flow's inputs that a kickoff doesn't contain. */
  readonly defaults?: Inputs;
  /** The form of HTTP 422: `{"detail":"…"}`, `{"detail":[…]}`, or `{"error":"…","message":"…"}`. The default is a sentence. */
  readonly missingInputs?: 'sentence' | 'list' | 'error';
  /** The status for a body that isn't a JSON object. The default is 500. */
  readonly badJson?: 400 | 500;
  /** Whether the deployment has the route POST /stop. The default is true. */
  readonly canStop?: boolean;
  /** The script of runs that POST /kickoff starts. */
  readonly kickoff?: RunScript;
}

/** A run that starts without a POST /kickoff request. */
export interface ScriptedRun {
  readonly id?: string;
  readonly script?: RunScript;
  readonly inputs?: Inputs;
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
    this.#store(id, script, { inputs }, startedAt ?? (this.setting.startsWhenPolled ? undefined : this.setting.now()));
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
    if (!request) return this.#dialect.error(this.script.badJson === 400 ? 'badJson' : 'crash');

    const sent = asObject(request['inputs']) ?? {};
    const isCrew = this.script.kind === 'crew';
    const missing = [...(this.script.inputs ?? []), ...(this.script.unlisted ?? [])].filter((name) => !Object.hasOwn(sent, name)).sort();
    if (isCrew && missing.length > 0) return this.#missing(missing);
    if (this.script.missingInputs === 'error' && Object.hasOwn(sent, 'id') && !isUuid(sent['id']))
      return json(422, { error: 'Validation Error', message: "'inputs.id' must be a valid UUID" });

    const id = randomUUID();
    this.#starts.push({ id, body: request });
    const inputs = isCrew ? sent : { ...this.script.defaults, ...this.#stateOf(request['restoreFromStateId']), ...sent };
    this.#store(id, this.script.kickoff ?? {}, { inputs, meta: request['meta'] }, this.setting.now());
    return json(200, { kickoff_id: id });
  }

  /** Returns the state of a flow's earlier run, which is its inputs. An unknown ID silently has no state. */
  #stateOf(id: unknown): Inputs | undefined {
    return typeof id === 'string' ? this.#runs.get(id)?.inputs : undefined;
  }

  #missing(names: readonly string[]): Answer {
    const says = `Missing inputs: ${names.join(', ')}`;
    const { missingInputs } = this.script;
    if (missingInputs === 'list')
      return json(422, { detail: names.map((name) => ({ type: 'missing', loc: ['body', 'inputs', name], msg: 'Field required' })) });
    if (missingInputs === 'error') return json(422, { error: 'Validation Error', message: says });
    return this.#dialect.error('missingInputs', says);
  }

  #store(id: string, script: RunScript, request: { inputs: Inputs; meta?: unknown }, startedAt: number | undefined): void {
    const full = withInputs({ tasks: this.script.tasks, ...script }, request.inputs);
    const facts = { id, kind: this.script.kind, script: full, inputs: request.inputs, meta: request.meta, startedAt };
    this.#runs.set(id, new Run(facts, this.setting));
  }

  #troubled(trouble: Trouble, id: string, good: () => Outcome): Outcome {
    return troubleAnswer(trouble, { dialect: this.#dialect, id, good });
  }
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
}
