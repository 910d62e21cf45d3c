// VS Code's server passes this module to its extension hosts. Logs each host name lookup and each connection as a line in the file whose
// path is in KICKOFFS_SOCKETS.
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const file = process.env.KICKOFFS_SOCKETS;
if (file && process.argv.includes('--type=extensionHost')) {
  const note = (...what) => appendFileSync(file, `${what.join(' ')}\n`);
  const { lookup } = dns;
  const { connect } = net.Socket.prototype;

  dns.lookup = (name, ...rest) => {
    note('lookup', name);
    return lookup(name, ...rest);
  };
  net.Socket.prototype.connect = function (...args) {
    const [options] = args.flat();
    if (options?.port !== undefined) note('connect', `${options.host ?? 'localhost'}:${options.port}`);
    return connect.apply(this, args);
  };
  syncBuiltinESMExports();
}
