import { chineseFindings, chineseReport } from '#test/simulator/outputs';
import { hostileMarkdown, hostileNames, hostileOutputs, longLine } from './payloads';

/** Returns a run of 20 tasks with hostile texts in all the forms that a report renders. */
export function hostileRun(sink: string): object {
  const names = hostileNames(sink);
  const outputs = hostileOutputs(sink);
  const tasks = names.map((name, index) => ({
    task_id: name,
    agent: names[(index + 7) % names.length],
    execution_time: 3 + ((index * 7) % 11),
    output: index === 1 ? longLine() : outputs[index % outputs.length],
  }));
  return { $schema: `${sink}/schema.json`, status: 'completed', result: { output: outputs[0], tasks }, execution_time: 155 };
}

/** Returns the hostile run while it is active, in the live dialect. */
export function hostileProgress(sink: string, completed: number): object {
  const names = hostileNames(sink);
  const name = names[completed] ?? '';
  return {
    state: `RE<img src=${sink}/state.png>HYDRATING \u202e$(error) [x](command:workbench.action.quit)`,
    status: `![s](${sink}/status.png)`,
    progress: { unit: 'task', completed, total: 20, current: name, current_agent: names[completed + 1] },
    last_step: { thought: hostileMarkdown(sink), tool: name, tool_input: name, result: name },
    last_executed_task: { name: names[completed - 1], agent: name, output: hostileMarkdown(sink) },
  };
}

/** Returns a failed run with a hostile reason. */
export function hostileFailure(sink: string): object {
  return {
    state: 'FAILED',
    status: `ValueError: [zen](command:workbench.action.toggleZenMode) $(error) SERPER_API_KEY is not set\n\n\`\`\`\n${hostileMarkdown(sink)}`,
    last_executed_task: { name: hostileNames(sink)[0], agent: hostileNames(sink)[1], output: hostileMarkdown(sink) },
  };
}

export const chineseRun = {
  status: 'completed',
  result: {
    output: `\`\`\`markdown\n${chineseReport}\n\`\`\`python\nprint("你好，世界")  # 问候\n\`\`\`\n\`\`\``,
    tasks: [
      { task_id: '研究旅行目的地', agent: '旅行研究员', execution_time: 42.5, output: chineseFindings },
      {
        task_id: '规划每日行程并核对交通时间',
        agent: '行程规划师',
        execution_time: 95,
        output: '{"天数":7,"城市":["东京","筑波"],"预算":12345678901234567890}',
      },
      { task_id: '撰写报告', agent: '报告撰写者', execution_time: 31.2, output: '已完成。' },
    ],
  },
  execution_time: 169,
};

const report = '# Quarterly report\n\n- Revenue: +12 %\n- Churn: 3 %\n';
const dumped = { pydantic: null, json_dict: null, output_format: 'raw' };

/** A run of a Python wrapper that returns a dump of CrewAI's `CrewOutput`. */
export const crewOutputRun = {
  status: 'completed',
  result: {
    raw: report,
    pydantic: null,
    json_dict: null,
    tasks_output: [
      { ...dumped, name: 'research_task', agent: 'Senior Researcher\n', description: 'Research the market', raw: '- Source A\n- Source B' },
      { ...dumped, name: 'reporting_task', agent: 'Reporting Analyst', description: 'Write the report', raw: report },
    ],
    token_usage: { total_tokens: 18_444, prompt_tokens: 15_210, completion_tokens: 3_234, successful_requests: 7 },
  },
};

/** A run that failed in its third task because an API key was missing. */
export const failedRun = {
  state: 'FAILED',
  status: 'ValueError: SERPER_API_KEY is not set',
  result: null,
  last_executed_task: { name: 'analysis_task', agent: 'Data Analyst', output: '## Analysis\n\n- **One** thing\n- Another' },
};

/** Returns an active run of six tasks with this number of completed tasks. */
export function progressOf(completed: number): object {
  const text = `## Task ${completed}\n\n${'A **line** that fills the page.\n\n'.repeat(30)}`;
  return {
    state: 'RUNNING',
    status: 'Task is Running',
    progress: { unit: 'task', completed, total: 6, current: `task_${completed + 1}`, current_agent: 'Writer' },
    last_executed_task: { name: `task_${completed}`, agent: 'Writer', output: text },
  };
}

/** The run of `progressOf` after it finished. */
export const doneRun = {
  state: 'SUCCESS',
  status: null,
  result: '```json\n{"verdict":"good","tasks":[1,2,3]}\n```',
  progress: { unit: 'task', completed: 6, total: 6, current: null },
  last_executed_task: { name: 'task_6', agent: 'Writer', output: '```json\n{"verdict":"good","tasks":[1,2,3]}\n```' },
};
