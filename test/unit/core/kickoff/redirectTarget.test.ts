import assert from 'node:assert/strict';
import { redirectTarget } from '#core/kickoff/deploymentUrl';
import { deployment } from '#test/support/builders';

const crew = deployment({ url: 'https://old.example.com/base' });

function proposed(detail: string): string | undefined {
  return redirectTarget(crew, { kind: 'moved', detail });
}

describe('The target URL of a redirected deployment', () => {
  it('is proposed if it has another origin with HTTPS', () => {
    assert.equal(proposed('https://new.example.com'), 'https://new.example.com');
    assert.equal(proposed('https://old.example.com:8443'), 'https://old.example.com:8443');
  });

  for (const [what, targets] of [
    ['is unencrypted', ['http://new.example.com']],
    ['has the same origin', ['https://old.example.com']],
    ['is invalid', ['', 'javascript:alert(1)', 'file:///etc/passwd', 'https://']],
  ] as const)
    it(`isn't proposed if it ${what}`, () => {
      for (const target of targets) assert.equal(proposed(target), undefined, target);
    });

  it("isn't proposed if the deployment has no problem, or a problem other than a redirect", () => {
    for (const trouble of [{ kind: 'refused', detail: 'https://new.example.com' }, undefined] as const)
      assert.equal(redirectTarget(crew, trouble), undefined);
  });

  it("isn't proposed for a redirect without a URL", () => {
    assert.equal(redirectTarget(crew, { kind: 'moved' }), undefined);
  });
});
