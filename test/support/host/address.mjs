import { pathToFileURL } from 'node:url';

/**
 * Returns the URL of a window. The URL contains the folder to open, and the source folders of the extension and its tests.
 *
 * @param {{ url: string, folder?: string | undefined, profile?: string | undefined, developmentPath?: string | undefined, testsPath?: string | undefined }} window
 * @returns {string}
 */
export function windowAddress({ url, folder, profile, developmentPath, testsPath }) {
  const address = new URL(url);
  const remote = (/** @type {string} */ file) => `vscode-remote://${address.host}${pathToFileURL(file).pathname}`;
  const payload = [
    ...(developmentPath ? [['extensionDevelopmentPath', remote(developmentPath)]] : []),
    ...(testsPath ? [['extensionTestsPath', remote(testsPath)]] : []),
    ...(profile ? [['profile', profile]] : []),
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (folder) address.searchParams.set('folder', folder);
  else address.searchParams.set('ew', 'true');
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}
