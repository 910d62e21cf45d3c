// Loaded into VS Code's server before its own code: what code-server's wrapper answers and the bare server does not.
// The page asks for a key to encrypt the secrets with that it keeps in the browser; without one they are gone with each reload.
import { createHash } from 'node:crypto';
import { Server } from 'node:http';

const key = createHash('sha256').update(process.argv.join(' ')).digest();
const emit = Server.prototype.emit;

Server.prototype.emit = function (event, ...args) {
  const [request, response] = args;
  if (event !== 'request' || request.method !== 'POST' || !request.url.endsWith('/mint-key')) return emit.call(this, event, ...args);
  response.setHeader('content-type', 'application/octet-stream').end(key);
  return true;
};
