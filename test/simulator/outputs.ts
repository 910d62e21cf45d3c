import type { Json } from './runScript';

// The task outputs of the prepared runs.

export const findings = `## Findings on {topic}

1. **Adoption** – three frameworks cover most of the public projects that were looked at.
2. **Evaluation** – few teams measure their agents before they ship them.
3. **Cost** – tool calls, not model calls, dominate the bill of long runs.

| Source | Kind | Trust |
|---|---|---|
| Survey of 412 engineers | questionnaire | high |
| Public repositories | code | high |
| Vendor posts | marketing | low |

> Numbers are rounded; the spread between sources was up to 12 %.
`;

export const analysis = `## What it means for {audience}

| Framework | Stars | Releases a month | Typed API |
|---|---:|---:|:---:|
| CrewAI | 44k | 6 | yes |
| LangGraph | 21k | 4 | yes |
| AutoGen | 50k | 2 | in part |

- Choose by the *shape of the work*: roles, graphs or conversations.
- Keep every prompt under version control.
- Start with **one** agent; add a second when a test asks for it.

\`\`\`yaml
research_task:
  description: Find what is known about {topic}
  expected_output: Ten bullets with sources
  agent: researcher
\`\`\`
`;

export const report = `# State of {topic}

*Prepared for {audience}.*

## Summary

Teams that ship agents share three habits: they **measure**, they keep tasks **small**, and they read what their agents write.

## Comparison

| Framework | Stars | Best for | Weak at |
|---|---:|---|---|
| CrewAI | 44k | roles and tasks | very long loops |
| LangGraph | 21k | explicit graphs | first steps |
| AutoGen | 50k | conversations | typed results |

## What to do next

1. Write down what a good answer looks like.
2. Run the crew twenty times and compare the outputs.
3. Remove the task that changes nothing.

- [x] Sources checked
- [ ] Costs confirmed by finance

\`\`\`python
result = crew.kickoff(inputs={"topic": "{topic}"})
print(result.raw)
\`\`\`

> “An agent that cannot be observed cannot be trusted.”
`;

export const chineseFindings = `## 研究发现

- 秋叶原：电子产品与动漫文化的中心
- 台场：团队实验室与未来科技展览
- 筑波：日本宇宙航空研究开发机构
`;

export const chineseReport = `# 为期 7 天的日本科技文化之旅

| 天数 | 地点 | 亮点 |
|---|---|---|
| 第一天 | 秋叶原 | 机器人餐厅、复古游戏厅 |
| 第二天 | 台场 | 数字艺术博物馆 |
| 第三天 | 筑波 | 航天中心 |

## 建议

1. 提前预订**数字艺术博物馆**的门票。
2. 购买交通卡：「西瓜卡」最方便。
`;

export const lead = {
  lead_score: 82,
  company: 'Acme GmbH',
  talking_points: ['compliance', 'support'],
  next_step: { call: true, within_days: 3 },
};

/** Returns a Markdown report of about this many megabytes. */
export function longReport(megabytes: number): string {
  const line = (row: number): string =>
    `| ${row} | source-${row % 97}.example | ${((row * 7919) % 1000) / 10} % | a finding that was read, checked and kept |\n`;
  const rows = Array.from({ length: 1_200 }, (_, row) => line(row + 1))
    .join('')
    .repeat(Math.round(megabytes * 10));
  return `# Every source, one a row\n\n| # | Source | Weight | Note |\n|---:|---|---:|---|\n${rows}\n## End\n\nThat was all.\n`;
}

/** Returns a list of many short values whose JSON has about this many megabytes. */
export function denseRows(megabytes: number): readonly Json[] {
  const row = (number: number): Json => ({ a: [number % 10, 1, [2, [3, {}]]], b: { c: null, d: true } });
  return Array.from({ length: Math.round(megabytes * 21_300) }, (_, number) => row(number));
}
