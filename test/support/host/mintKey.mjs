// Preloaded into VS Code's server. Responds to `/mint-key`, to which otherwise only code-server's wrapper responds. The page requests this
// key to encrypt the secrets in the browser. Without the key, a reload loses the secrets.
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
