import assert from 'node:assert/strict';
import { parsePaste } from '#core/paste/paste';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';
const other = 'c0ffee00-1111-4222-8333-444455556666';
const url = 'https://research-1a2b3c4d.crewai.com/kickoff';
const answer = `{"kickoff_id": "${uuid}"}`;
const body = '{"inputs": {"topic": "AI agents"}}';
const inputs = { topic: 'AI agents' };
const headers = `-H "Authorization: Bearer 4f2a9c17d0be" -H 'Content-Type: application/json'`;

/** Returns the inputs of the only run in a text, also if line breaks were replaced like in an input box. */
function read(text: string): unknown {
  const all = [text, text.replaceAll(/\r?\n/g, ' ')].map((one) =>
    parsePaste(one).runs.map((run) => ('inputs' in run ? run.inputs : 'none')),
  );
  assert.deepEqual(all[0], all[1], text);
  const [first = [], ...more] = all[0]?.slice(0, 1) ?? [];
  assert.deepEqual([more, all[0]?.length], [[], 1], text);
  return first;
}

const double = (text: string): string => text.replaceAll('"', '\\"');

describe('A pasted curl command and its response', () => {
  const commands: Readonly<Record<string, string>> = {
    'with a body in single quotes': `curl -X POST ${url} ${headers} -d '${body}'`,
    'after another command': `cd crew && curl ${url} -d '${body}'`,
    'with a prompt and continued lines': `$ curl -X POST \\\n  "${url}" \\\n  ${headers} \\\n  --data '${body}'`,
    'with lines joined by a backslash and a Windows line break': `curl ${url} \\\r\n  -d '${body}' | jq .`,
    'with a body on several lines': `curl '${url}' --data-raw '{\n  "inputs": {\n    "topic": "AI agents"\n  }\n}'`,
    'with a body in double quotes': `curl --request POST --url ${url} --data-binary "${double(body)}"`,
    'with --json': `curl --json '${body}' ${url}`,
    'with a body right after the option': `curl -sSd'${body}' ${url}`,
    'with --data=': `curl --data='${body}' ${url}/?wait=12#x`,
    'with -d in the host, and -F in a header': `curl https://my-demo-1a2b3c4d.crewai.com/kickoff?a=1 -d '${body}' -H 'a: x-Form'`,
    'with backslashes instead of quotes': `curl ${url} -d {\\"inputs\\":{\\"topic\\":\\"AI\\\\u0020agents\\"}}`,
    'with hexadecimal escapes, and escaped blanks': `curl '${url}' -d $'{\\n\\r\\t"inputs": {"topic": "\\x41I\\x20agents"}}'`,
    'with escapes of a browser': `curl '${url}' -H 'accept: */*' --data-raw $'{"inputs": {"topic": "AI\\u0020agents"}}' --compressed`,
    'with a variable in the URL': `curl -X POST "$CREW_URL/kickoff" -H "Authorization: Bearer $TOKEN" -d '${body}'`,
    'for cmd': `curl.exe -X POST ^\n  -H "Content-Type: application/json" ^\n  -d "${double(body)}" ${url}`,
    'for cmd, copied in a browser': `curl ^"${url}^" ^\r\n  --data-raw  ^"${body.replaceAll('"', '^\\^"').replaceAll(/[{}]/g, '^$&')}^"`,
    'for PowerShell': `curl.exe -X POST ${url} \`\n  -d '${double(body).replaceAll(/[{}]/g, '  $&  ')}'`,
    'with other members in the body': `curl ${url} -d '{"meta": {"source": "script"}, "inputs": {"topic": "AI agents"}}'`,
    'with the word curl in a header': `curl ${url} -H 'User-Agent: curl/8.5' -d '${body}'`,
  };
  for (const [what, command] of Object.entries(commands))
    it(`contain the inputs of the run: ${what}`, () => assert.deepEqual(read(`${command}\n${answer}`), inputs, command));

  it('contain the exact inputs even if these contain quotes, commands, and IDs', () => {
    const values = {
      'a "b"': "it's $5 `x`",
      text: 'curl -d \\ {}\nnext',
      list: [1, 'x', { y: null }],
      json: '{"a": "\\"1"}',
      traceId: other,
      __proto__x: '',
    };
    const json = JSON.stringify({ inputs: values });
    assert.deepEqual(read(`curl ${url} -d '${json.replaceAll("'", "'\\''")}'\n${answer}`), values);
    const quoted = json.replaceAll(/[\\"$`]/g, '\\$&');
    assert.deepEqual(read(`curl ${url} -d "${quoted}"\n${answer}`), values);
    assert.deepEqual(read(`curl ${url} -d $'${json.replaceAll(/[\\']/g, '\\$&')}'\n${answer}`), values);
    assert.deepEqual(read(`curl ${url} -d "${double('{"inputs": {"price": "5 $ each"}}')}"\n${answer}`), { price: '5 $ each' });
  });

  it('contain the inputs of the run even with other output between the command and the response', () => {
    const between = '  % Total    % Received\n100    60  100    60\n< HTTP/2 200\n< content-type: application/json\n';
    for (const spaced of [answer.replace(':', ' :  '), answer.replace(': ', ':'), answer.replaceAll('"', "'")])
      assert.deepEqual(read(`curl ${url} -d '${body}'\n${spaced}`), inputs, spaced);
    assert.deepEqual(read(`curl -v ${url} -d '${body}'\n> POST /kickoff HTTP/2\n${between}\n${answer}`), inputs);
  });

  const command = `curl -X POST ${url} -d '${body}'`;
  const withOptions = (option: string) => `curl -X POST ${url} ${option}\n${answer}`;

  const withoutInputs: Readonly<Record<string, readonly string[]>> = {
    'the body has no inputs object': [
      `-d '{"topic": "AI agents"}'`,
      `-d '{"inputs": "AI"}'`,
      `-d '{"inputs": null}'`,
      `-d null`,
      `-d '{"inputs": ["AI"]}'`,
      `-d '[]'`,
      '',
    ].map(withOptions),
    "the exact body isn't clear from the command": [
      ...[`-d '{"inputs": {"topic": "AI}'`, `-d @inputs.json`, `-d '${body}' -d 'b=1'`, `--data-urlencode '${body}'`],
      ...[`-F '${body}'`, `-d '${body}' --next`],
      ...[`-d "{\\"inputs\\": {\\"topic\\": \\"$TOPIC\\"}}"`, `-d "$(cat inputs.json)"`, `-d $BODY`, `-d '{"inputs": {"topic": "`],
      `-d "{\\"inputs\\": {\\"path\\": \\"\\\\\\\\$TOPIC\\"}}"`,
    ].map(withOptions),
    'the text has two requests': [
      `${command}\n${command}\n${answer}`,
      `curl -H 'x: y' https://h.example/a; ${command}\n${answer}`,
      ...[`wget ${url}`, `http GET ${url}`, `curl.exe ${url}`, `fetch("${url}")`, `requests.get("${url}")`, `Invoke-RestMethod ${url}`].map(
        (other) => `${command}\n${other}\n${answer}`,
      ),
      `curl ${url} ${url} -d '${body}'\n${answer}`,
    ],
    'the command starts no run or is for a program other than curl': [
      `curl ${url}s -d '${body}'\n${answer}`,
      `http POST ${url} -H 'User-Agent: curl/8.5' -d '${body}'\n${answer}`,
    ],
    'no response follows the command': [
      `${answer}\n${command}`,
      `${command}\nkickoff_id: ${uuid}`,
      `${command} -H 'X-Kickoff-Id: ${uuid}'`,
      `curl https://research-1a2b3c4d.crewai.com/status/${uuid} -d '${body}'`,
      `curl -X POST ${url} -d '{"inputs": {"kickoff_id": "${uuid}"}}'`,
    ],
  };
  for (const [why, texts] of Object.entries(withoutInputs))
    it(`give the run no inputs if ${why}`, () => {
      for (const text of texts) assert.equal(read(text), 'none', text);
    });

  it('leave both runs without inputs if the text has two responses', () => {
    const two = parsePaste(`${command}\n${answer}\n{"kickoff_id": "${other}"}`).runs;
    assert.deepEqual(
      two.map((run) => [run.id, run.inputs]),
      [
        [uuid, undefined],
        [other, undefined],
      ],
    );
  });
});
