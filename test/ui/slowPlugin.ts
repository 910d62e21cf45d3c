import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Installs an extension whose Markdown plugin takes six seconds to load. The first Markdown preview of a window is then as slow as on a slow machine. */
export async function addSlowPlugin(extensionsDir: string): Promise<void> {
  const folder = path.join(extensionsDir, 'kickoffs-tests.slow-plugin-0.0.1');
  const manifest = {
    name: 'slow-plugin',
    publisher: 'kickoffs-tests',
    version: '0.0.1',
    engines: { vscode: '^1.104.0' },
    contributes: { 'markdown.markdownItPlugins': true },
    activationEvents: [],
    main: './extension.js',
  };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    path.join(folder, 'extension.js'),
    'exports.activate = () => new Promise((done) => setTimeout(() => done({ extendMarkdownIt: (markdownIt) => markdownIt }), 6_000));\n',
  );
}
