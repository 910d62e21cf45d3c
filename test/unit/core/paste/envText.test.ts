import assert from 'node:assert/strict';
import { envText } from '#core/paste/envFile';

const bytes = (...of: number[]) => Uint8Array.from(of);

describe('The bytes of an environment file', () => {
  it('are UTF-8, or UTF-16 where its mark stands before it', () => {
    assert.equal(envText(new TextEncoder().encode('NAME=ü')), 'NAME=ü');
    assert.equal(envText(bytes(0xff, 0xfe, ...Buffer.from('A=é', 'utf16le'))), 'A=é');
    assert.equal(envText(bytes(0xff, 0x41)), '\ufffdA');
    assert.equal(envText(bytes(0x41, 0xfe)), 'A\ufffd');
  });

  it('are no text where a zero is among them', () => {
    assert.equal(envText(bytes(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13)), undefined);
    assert.equal(envText(Buffer.from('A=é', 'utf16le')), undefined);
  });
});
