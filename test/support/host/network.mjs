// VS Code's server passes this module to its extension hosts. Simulates the network that the file in KICKOFFS_NETWORK describes. Each call
// of a network function reads the file again.
// Example: `{ "isDown": true, "hosts": { "crew.test": "127.0.0.1" } }`. A host with an empty address can't be resolved.
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const file = process.env.KICKOFFS_NETWORK;
if (file && process.argv.includes('--type=extensionHost')) {
  const { lookup } = dns;
  const { networkInterfaces } = os;
  const network = () => JSON.parse(readFileSync(file, 'utf8'));

  os.networkInterfaces = () => {
    const all = Object.entries(networkInterfaces());
    return Object.fromEntries(network().isDown ? all.filter(([, addresses]) => addresses.every(({ internal }) => internal)) : all);
  };
  dns.lookup = (name, options, callback = options) => {
    const { isDown = false, hosts = {} } = network();
    const isOwn = name === 'localhost' || name.startsWith('127.');
    if (isOwn || !(isDown || Object.hasOwn(hosts, name))) return lookup(name, options, callback);
    const address = isDown ? '' : hosts[name];
    const code = isDown ? 'EAI_AGAIN' : 'ENOTFOUND';
    const error = address ? null : Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, syscall: 'getaddrinfo' });
    process.nextTick(callback, error, options.all ? [{ address, family: 4 }] : address, 4);
  };
  syncBuiltinESMExports();
}
