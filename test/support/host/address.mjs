import { pathToFileURL } from 'node:url';

/** Returns the URL of a window. The URL contains the folder to open, and the source folders of the extension and its tests. */
export function windowAddress({ url, folder, profile, developmentPath, testsPath }) {
  const address = new URL(url);
  const remote = (file) => file && `vscode-remote://${address.host}${pathToFileURL(file).pathname}`;
  const payload = [
    ['extensionDevelopmentPath', remote(developmentPath)],
    ['extensionTestsPath', remote(testsPath)],
    ['profile', profile],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (folder) address.searchParams.set('folder', folder);
  else address.searchParams.set('ew', 'true');
  address.searchParams.set('payload', JSON.stringify(payload.filter(([, value]) => value)));
  return address.href;
}
