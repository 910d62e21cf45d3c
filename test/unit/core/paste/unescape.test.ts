import assert from 'node:assert/strict';
import { unescapeText } from '#core/paste/unescape';

const uuid = '4f7e7c35-9b3e-4c53-9c4b-3d4d3c2d1e0f';

describe('unescapeText', () => {
  const disguised: readonly (readonly [string, string])[] = [
    ['{\\"kickoff_id\\": \\"a\\"}', '{"kickoff_id": "a"}'],
    ["\\'a\\'", "'a'"],
    ['\\\\\\"a\\\\n\\\\u0022', '"a\n"'],
    ['one\\ntwo\\rthree\\tfour', 'one\ntwo\nthree\nfour'],
    ['\\u0022a\\u003d', '"a='],
    ['C:\\runs\\new', 'C:\nuns\new'],
    ['C:\\Users\\me', 'C:\\Users\\me'],
    ['&quot;a&quot; &apos;b&apos; &lt;c&gt; &amp;d &#34;e&#39;&#61;', '"a" \'b\' <c> &d "e\'='],
    ['&copy; &#8217; &quot', '&copy; &#8217; &quot'],
    ['https%3A%2F%2Fa.example%2Fstatus%252F7', 'https://a.example/status/7'],
    ['%3a%2f%3D%5B%5d%7B%7d%22', ':/=[]{}"'],
    ['%2525252Fa%25', '/a%'],
    ['100%41 %8F', '100%41 %8F'],
    ['\u001b[32mdone\u001b[0m \u001b[1;31m!\u001b[m', 'done !'],
    ['a\u200bb\u200d\u2060\ufeffc', 'abc'],
    [`${uuid.slice(0, 20)}=\r\n${uuid.slice(20)}`, uuid],
    [`${uuid.slice(0, 20)}=\n${uuid.slice(20)}`, uuid],
    [`${uuid.slice(0, 20)}= ${uuid.slice(20)}`, uuid],
    ['a=\nb', 'a=\nb'],
    [`href=3D"a" id=3D${uuid}`, `href="a" id=${uuid}`],
    ['id=3D0B3F4A-7C1D', 'id=3D0B3F4A-7C1D'],
    ['https://amp.example.com:443 "GET /status/7 HTTP/1.1"', 'https://amp.example.com:443/status/7 HTTP/1.1"'],
    ['http://amp "POST /kickoff', 'http://amp/kickoff'],
    ['https://amp.example.com "GET status', 'https://amp.example.com "GET status'],
    ['amp.example.com "GET /status', 'amp.example.com "GET /status'],
  ];
  for (const [text, plain] of disguised)
    it(`turns ${JSON.stringify(text)} into ${JSON.stringify(plain)}`, () => assert.equal(unescapeText(text), plain));
});
