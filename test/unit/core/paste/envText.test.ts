import assert from 'node:assert/strict';
import { envText } from '#core/paste/envFile';

const bytes = (...of: number[]) => Uint8Array.from(of);

describe('The bytes of an environment file', () => {
  it('are read as UTF-8, or as UTF-16 after its byte order mark', () => {
    assert.equal(envText(new TextEncoder().encode('NAME=ü')), 'NAME=ü');
    assert.equal(envText(bytes(0xff, 0xfe, ...Buffer.from('A=é', 'utf16le'))), 'A=é');
    assert.equal(envText(bytes(0xff, 0x41)), '\ufffdA');
    assert.equal(envText(bytes(0x41, 0xfe)), 'A\ufffd');
  });

  it('are rejected if the decoded text contains a NUL character', () => {
    assert.equal(envText(bytes(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13)), undefined);
    assert.equal(envText(Buffer.from('A=é', 'utf16le')), undefined);
  });
});
