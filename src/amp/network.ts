import { lookup } from 'node:dns';
import { networkInterfaces } from 'node:os';
import type { Network } from '#core/polling/pollerParts';

const lookupTimeoutMs = 5_000;

/** Returns the network of this machine. With a proxy, each lookup counts as successful, because the proxy resolves host names. */
export function systemNetwork(hasProxy: () => boolean): Network {
  return {
    isConnected: () => Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal)),
    resolves: async (hostName) => hasProxy() || hasProxyVariable() || resolvesByDns(hostName),
  };
}

function resolvesByDns(hostName: string): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), lookupTimeoutMs);
    lookup(hostName, (error) => {
      clearTimeout(timer);
      resolve(error === null);
    });
  });
}

function hasProxyVariable(): boolean {
  return ['https_proxy', 'http_proxy', 'all_proxy'].some((name) => process.env[name] ?? process.env[name.toUpperCase()]);
}
