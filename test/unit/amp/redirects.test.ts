import assert from 'node:assert/strict';
import { observing } from './asking';
import { httpServer } from './servers';

const statuses = [301, 302, 303, 307, 308];

describe('A redirect', () => {
  for (const status of statuses) {
    it(`with ${status} is never followed, wherever it points to, and the token stays`, async () => {
      const sink = await httpServer((_, response) => response.end('{"state":"SUCCESS"}'));
      const targets = [
        `http://127.0.0.1:${sink.port}/status/run-1`,
        `http://localhost:${sink.port}/status/run-1`,
        `http://sub.localhost:${sink.port}/`,
        `//127.0.0.1:${sink.port}/`,
        `http://user:word@127.0.0.1:${sink.port}/`,
        `http://[::ffff:127.0.0.1]:${sink.port}/`,
        `https://127.0.0.1:${sink.port}/`,
        '/status/run-2',
        '',
      ];
      for (const target of targets) {
        const first = await httpServer((_, response) => response.writeHead(status, { location: target }).end());
        const seen = await observing({ url: first.url });
        assert.equal(seen.kind, 'unanswered', target);
        assert.equal(seen.trouble.kind, 'moved', target);
        assert.equal(seen.trouble.says, new URL(target, first.url).origin);
        assert.equal(first.asked.length, 1, target);
        await first.close();
      }
      assert.deepEqual(sink.asked, []);
      await sink.close();
    });
  }

  it('to something that is no web address says nothing of where', async () => {
    for (const location of ['javascript:alert(1)', 'http://', 'data:text/html,x', 'file:///etc/passwd']) {
      const first = await httpServer((_, response) => response.writeHead(302, { location }).end());
      const seen = await observing({ url: first.url });
      assert.deepEqual(seen, { kind: 'unanswered', trouble: { kind: 'moved' } }, location);
      await first.close();
    }
  });
});
