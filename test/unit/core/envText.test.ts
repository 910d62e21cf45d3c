import assert from 'node:assert/strict';
import { envText } from '../../../src/core/envText';

const bytes = (...of: number[]) => Uint8Array.from(of);

describe('The bytes of an environment file', () => {
  it('are UTF-8, or UTF-16 where its mark stands before it', () => {
    assert.equal(envText(new TextEncoder().encode('NAME=ü')), 'NAME=ü');
    assert.equal(envText(bytes(0xff, 0xfe, 0x41, 0, 0x3d, 0)), 'A=');
    assert.equal(envText(bytes(0xff, 0x41)), '\ufffdA');
    assert.equal(envText(bytes(0x41, 0xfe)), 'A\ufffd');
  });

  it('are no text where a zero is among them', () => {
    assert.equal(envText(bytes(0x41, 0, 0x42)), undefined);
  });
});
