/** What the words before a UUID make of it. */
export type Kind = 'run' | 'unnamed' | 'doubtful' | 'other';

const runs = /^(?:kickoff|kickoffs|execution)$/;
const runWords = /(?:启动|执行|运行)$/;

/** What any thing can be called, a run among them. */
const anything = /^(?:|id|ids|uuid|guid|run|runs|job|jobs)$/;

const others =
  /^(?:trace|span|req|request|correlation|task|flow|deployment|deploy|agent|user|org|organization|organisation|tenant|session|thread|message|msg|event|transaction|parent|process|pod|container|instance|account|client|customer|project|team|workspace|conversation|crew|automation|tool|idempotency|installation|subscription|resource|batch|device|invoice|order|build|key|api|token|bearer|password|secret|cookie|jwt)s?(?:id)?$/;
const otherWords = /(?:追踪|跟踪|链路|请求|部署|组织|用户|会话|租户|项目|智能体|代理)$/;

/** Without "id" these can also be said of a run: "the task … hangs". */
const loose = /^(?:task|flow|crew|event|message|msg|order|build|process|automation|project|team|key|batch)s?$/;

/** What a name is joined to its value by. */
const joint = /(?:[\s"'`*:=：＝<>({[→/$~,;|^“«–-]|\bis\b|\bwas\b|为|是)+$/;

/** By the words right before: with a sign between they name the UUID, without they may be a heading or a mere neighbour. */
export function kindByName(before: string, mayBeTable: boolean): Kind {
  const between = joint.exec(before)?.[0] ?? '';
  const name = nameAtEnd(before.slice(0, before.length - between.length));
  const kind = kindOfName(name);
  if (/[:=：＝>是为]/.test(between)) return kind === 'unnamed' && !anything.test(name.at(-1) ?? '') ? 'doubtful' : kind;
  if (kind === 'run') return 'unnamed';
  const isHeading = mayBeTable || /[,;|\t]\s?[\w-]*$/.test(before.slice(0, before.length - between.length));
  return kind === 'other' && isHeading ? 'doubtful' : kind;
}

/** The words of a name, the last ones last: "traceId" is trace, id. */
function nameAtEnd(text: string): readonly string[] {
  const name = /(?<![\p{L}\p{N}_-])(?:[\p{L}_-]+ ){0,2}[\p{L}\p{N}_-]+$/u.exec(text)?.[0] ?? '';
  return name
    .replace(/(?<=[a-z\d])(?=[A-Z])|(?<=\p{Script=Han})(?=[A-Za-z])/gu, '_')
    .toLowerCase()
    .split(/[\s_-]+/);
}

function kindOfName(name: readonly string[]): Kind {
  const last = name.at(-1) ?? '';
  const isId = /^(?:ids?|uuid|guid|key)$/.test(last);
  const subject = (isId ? name.at(-2) : last) ?? '';
  if (runs.test(subject) || runWords.test(subject)) return 'run';
  if (otherWords.test(subject)) return 'other';
  if (others.test(subject)) return !isId && loose.test(subject) ? 'doubtful' : 'other';
  return isId && !anything.test(subject) ? 'doubtful' : 'unnamed';
}
