import assert from 'node:assert/strict';
import { canonicalUrl } from '#core/kickoff/deploymentUrl';
import { tokenFor, tokensIn } from '#core/paste/pastedTokens';
import { unescapeText } from '#core/paste/unescape';

function offered(text: string, host = 'a'): string | undefined {
  return tokenFor(canonicalUrl(`https://${host}.example`)!, tokensIn(unescapeText(text)));
}

describe('A token in a pasted text', () => {
  const noTokens = [
    ['a placeholder', 'Authorization: Bearer <token>'],
    ['a placeholder', 'Authorization: Bearer YOUR_TOKEN_1'],
    ['other words', 'WWW-Authenticate: Bearer realm="api1"'],
    ['other words', 'the bearer token of 2026'],
    ['other words', 'The bearer authentication failed.'],
    ['two tokens', '"Bearer tok-demo-1" and "Bearer tok-demo-2"'],
  ] as const;
  for (const [what, text] of noTokens) {
    it(`isn't offered if the text contains ${what} instead of one token: ${text}`, () =>
      assert.equal(offered(`${text} https://a.example/inputs`), undefined));
  }

  it('is offered without the characters around it', () => {
    for (const text of [
      "-H 'Authorization: Bearer tok-demo-abc'",
      'Bearer \t tok-demo-1',
      '{\\"authorization\\":\\"Bearer tok-demo-abc\\"}',
      'CREW_URL=https://a.example CREW_TOKEN="tok-demo-abc"',
    ])
      assert.match(offered(`${text} https://a.example/inputs`) ?? '', /^tok-demo-(?:abc|1)$/, text);
  });

  const belongings: Readonly<Record<string, readonly [to: Readonly<Record<string, string | undefined>>, text: string]>> = {
    'only for the URL of its command': [
      { b: 'tok-demo-b' },
      "curl https://a.example/status/1\ncurl -H 'Authorization: Bearer tok-demo-b' https://b.example/status/2",
    ],
    'only for the URL of its pair of variables': [
      { b: 'tok-demo-b' },
      'GET https://a.example/status/1 200\nexport CREW_URL=https://b.example\nexport CREW_TOKEN=tok-demo-b',
    ],
    'only for its own URL if the text contains another token for another URL': [
      { a: 'tok-demo-a', b: 'tok-demo-b' },
      "curl https://a.example/status/1 -H 'Authorization: Bearer tok-demo-a' curl https://b.example/status/2 -H 'Authorization: Bearer tok-demo-b'",
    ],
    'for no URL if the text contains two URLs that it may belong to': [
      {},
      'Authorization: Bearer tok-demo-x https://a.example/status/1 https://b.example/status/2',
    ],
    'for no URL if its command contains a host without a scheme and another URL': [
      {},
      'curl -H "Authorization: Bearer tok-demo-x" a.example/x https://b.example/status/1',
    ],
    'for no URL if the text contains a Host header and the URL of another host': [
      {},
      'GET /user\nHost: a.example\nAuthorization: Bearer tok-demo-x\nhttps://b.example/status/1',
    ],
    'for no other URL if its command contains the URL of the dashboard': [
      {},
      "curl https://app.crewai.com/api -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
    ],
    'for no URL if the first argument of its command is a host and a comment contains another URL': [
      {},
      "curl a.example -H 'Authorization: Bearer tok-demo-x' # not https://b.example/status/1",
    ],
    'for no URL if the text contains the host of one URL as the user name of another URL': [
      {},
      "curl https://b.example@a.example/x -H 'Authorization: Bearer tok-demo-x'\nhttps://b.example/status/1",
    ],
    'for the only URL in the text if its command has a variable instead of a URL': [
      { a: 'tok-demo-x' },
      `curl https://a.example/inputs\ncurl "$BASE/kickoff" -H 'Authorization: Bearer tok-demo-x'`,
    ],
    'for no URL if the text contains no host': [{}, '{"kickoff_id": "run_7"} Authorization: Bearer tok-demo-x'],
    'for no URL if the text contains the same host with another port': [{}, 'Host: a.example:8443\nAuthorization: Bearer tok-demo-x'],
    'for no URL if the only host in the text is part of the token': [{}, 'Authorization: Bearer tok-demo.a.example'],
  };
  for (const [about, [to, text]] of Object.entries(belongings))
    it(`is offered ${about}`, () => {
      for (const host of ['a', 'b', 'c']) assert.equal(offered(text, host), to[host], host);
    });

  const header = 'Authorization: Bearer tok-demo-x';
  /** Texts that contain one host, in the forms that tools, logs, and code have for it. */
  const forms: readonly ((host: string) => string)[] = [
    (host) => `curl -H "${header}" https://${host}/status/run_7`,
    (host) => `curl https://${host}/status/run_7 -H '${header}'`,
    (host) => `curl -s -X GET "${host}/status/run_7" -H "${header}"`,
    (host) => `curl ${host} -H "${header}"`,
    (host) => `curl -H "${header}" --url ${host}`,
    (host) => `curl -H "${header}" --request-target /status/run_7 ${host}`,
    (host) => `curl -H "${header}" --connect-to ::${host}: $BASE/status/run_7`,
    (host) => `curl -H "${header}" --resolve ${host}:443:10.0.0.5 https://${host}/status/run_7`,
    (host) =>
      `* Connected to ${host} (10.0.0.5) port 443\n> GET /status/run_7 HTTP/1.1\n> Host: ${host}\n> User-Agent: curl/8.5.0\n> ${header}`,
    (host) => `wget --header="${header}" ${host}`,
    (host) => `wget --header="${header}" https://${host}/inputs`,
    (host) => `http GET ${host}/status/run_7 "${header}"`,
    (host) => `Invoke-RestMethod -Uri 'https://${host}/status/run_7' -Headers @{ Authorization = 'Bearer tok-demo-x' }`,
    (host) => `:authority: ${host}\n:method: GET\n:path: /status/run_7\nauthorization: Bearer tok-demo-x`,
    (host) => `GET /status/run_7 HTTP/1.1\r\nHost: ${host}\r\n${header}\r\nUser-Agent: Mozilla/5.0 Chrome/120.0.0.0`,
    (host) =>
      `import http.client\nconn = http.client.HTTPSConnection("${host}")\nheaders = {'Authorization': 'Bearer tok-demo-x'}\nconn.request("GET", "/status/run_7", '', headers)\nprint(conn.getresponse().read().decode("utf-8"))`,
    (host) =>
      `var options = {'method': 'GET', 'hostname': '${host}', 'path': '/status/run_7', 'headers': {'Authorization': 'Bearer tok-demo-x'}};`,
    (host) => `{"Host":"${host}","Authorization":"Bearer tok-demo-x"}`,
    (host) =>
      `BASE = "${host}"\nrequests.get(f"https://{BASE}/inputs", headers={"Authorization": "Bearer tok-demo-x"}).json()\nprint(response.text)`,
    (host) => `BASE=${host}\n${header}`,
    (host) => `host=${host} ${header}`,
    (host) => `server: ${host}\n${header}`,
    (host) => `server: ${host} (nginx)\n${header}`,
    (host) => `target: ${host}:443 ${header}`,
    (host) => `fetch("https://${host}/inputs", { headers: { Authorization: "Bearer tok-demo-x" } }).then((response) => response.json())`,
    (host) =>
      `axios.get('https://${host}/inputs', { headers: { Authorization: 'Bearer tok-demo-x' } }).then(({ data }) => console.log(data))`,
    (host) => `requests.get("https://${host}/inputs", headers={"Authorization": "Bearer tok-demo-x"})`,
    (host) => `{"url": "https://${host}/status/run_7", "headers": {"authorization": "Bearer tok-demo-x"}}`,
    (host) => `{"name": "host", "value": "${host}"}, {"name": "authorization", "value": "Bearer tok-demo-x"}`,
    (host) => `grpcurl -H '${header}' ${host}:443 list`,
    (host) => `openssl s_client -connect ${host}:443 -quiet\n${header}`,
    (host) => `Crew at ${host}, ${header}`,
    (host) => `proxy_set_header ${header}; proxy_pass //${host};`,
    (host) => `https://user:pass@${host}/inputs ${header}`,
    (host) => `**${host}** ${header}`,
    (host) => `xh ${host}/inputs '${header}'`,
    (host) => `curl https://${host}/kickoff -H '${header}' -d '{"inputs": {"email": "jo@shop.example", "topic": "ASP.NET"}}' -o c.example`,
    (host) => `Referer: ${host}\n${header}`,
    (host) => `curl "${host}" -H "${header}"`,
    (host) => `curl https://${host}/inputs -u me:12ab -H "${header}"`,
    (host) => `curl -i https://${host}/inputs -H "${header}"\nHTTP/1.1 200 OK\nContent-Type: application/json`,
    (host) => `Origin: https://${host.toUpperCase()}\n${header}`,
  ];

  it('is offered only for the host in its command, log, or code', () => {
    for (const form of forms) {
      for (const seen of [form, (host: string) => form(host).replace(/\r?\n/g, ' ')]) {
        assert.equal(offered(seen('a.example'), 'a'), 'tok-demo-x', form('a.example'));
        assert.equal(offered(seen('b.example'), 'a'), undefined, form('b.example'));
        assert.equal(offered(`${seen('b.example')} https://a.example/status/run_7`, 'a'), undefined, form('b.example'));
      }
    }
  });

  it('is offered only for the host of its command, even if the host has an unusual form, such as crew-prod', () => {
    const asides = '-H "Accept: application/json" -A Mozilla/5.0';
    for (const host of ['crew-prod', 'crew-http', 'crew:8000', 'crew-prod.md', '[2001:db8::1]', '10.20.30.40']) {
      for (const command of [
        `curl -s "${host}/status/run_7" -H "${header}"`,
        `curl ${host}/inputs ${asides} -H "${header}"`,
        `https://user:pass@${host}/inputs ${header}`,
      ])
        assert.equal(offered(`${command}\nhttps://a.example/status/run_7`), undefined, command);
    }
    for (const host of ['crew-prod', 'crew-PROD', 'CREW-prod'])
      assert.equal(offered(`curl ${host} -H "${header}"\nhttps://a.example/status/run_7`), undefined, host);
    assert.equal(offered(`curl https://a.example/inputs ${asides} -H "${header}"`), 'tok-demo-x');
  });

  it('is offered for a deployment with HTTP and a port only if the text contains no other scheme, port, or host', () => {
    const url = canonicalUrl('http://localhost:8000')!;
    for (const text of [`curl localhost:8000/inputs -H "${header}"`, `Host: localhost:8000 ${header}`, `http://localhost:8000 ${header}`])
      assert.equal(tokenFor(url, tokensIn(text)), 'tok-demo-x', text);
    for (const text of [`Host: localhost ${header}`, `https://localhost:8000 ${header}`, `Host: crew-prod ${header} http://localhost:8000`])
      assert.equal(tokenFor(url, tokensIn(text)), undefined, text);
  });
});
