import vscode = require('vscode');

/** The only folder of the virtual file system, and its files by path. */
const folder = '/project';
const files: Readonly<Record<string, string>> = {
  '/project/README.md': '# A virtual project\n',
  '/project/.env': 'CREW_URL=https://strange-1a2b3c4d.crewai.com\nCREW_TOKEN=tok-strange\n',
};

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  subscriptions.push(
    vscode.commands.registerCommand('stranger.call', call),
    vscode.commands.registerCommand('stranger.where', where),
    vscode.commands.registerCommand('stranger.print', print),
    vscode.workspace.registerFileSystemProvider('strange', new MemoryFolder(), { isReadonly: true }),
  );
}

async function call(): Promise<void> {
  const input = await vscode.window.showInputBox({ prompt: 'Command and argument', ignoreFocusOut: true });
  const [command = '', argument] = JSON.parse(input ?? '[]') as [string?, unknown?];
  // JSON has no URIs, which some commands need.
  const isUri = typeof argument === 'string' && (command.startsWith('vscode.') || argument.startsWith('file:'));
  const passed = isUri ? vscode.Uri.parse(argument) : argument;
  const outcome = await Promise.resolve(vscode.commands.executeCommand(command, passed)).then(
    (value) => `gave ${JSON.stringify({ value })}`,
    (error: unknown) => `threw ${String(error)}`,
  );
  void vscode.window.showInformationMessage(`The stranger's call ${outcome}`);
}

async function print(): Promise<void> {
  const text = await vscode.window.showInputBox({ prompt: 'Text for the terminal', ignoreFocusOut: true });
  const written = new vscode.EventEmitter<string>();
  const pty = { onDidWrite: written.event, open: () => written.fire(`${text ?? ''}\r\n`), close: () => undefined };
  vscode.window.createTerminal({ name: 'printed', pty }).show();
}

function where(): void {
  const kind = vscode.extensions.getExtension('kickoffs.crewai-kickoffs')?.extensionKind;
  const [project] = vscode.workspace.workspaceFolders ?? [];
  const facts = [
    kind === undefined ? 'nowhere' : vscode.ExtensionKind[kind],
    vscode.env.remoteName,
    project?.uri.scheme,
    vscode.workspace.isTrusted,
  ];
  void vscode.window.showInformationMessage(`Kickoffs run: ${facts.join(', ')}`);
}

class MemoryFolder implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const text = files[path];
    if (text !== undefined) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: text.length };
    if (path !== folder) throw vscode.FileSystemError.FileNotFound(path);
    return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  }

  readDirectory(): [string, vscode.FileType][] {
    return Object.keys(files).map((file) => [file.slice(folder.length + 1), vscode.FileType.File]);
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    const text = files[path];
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(path);
    return new TextEncoder().encode(text);
  }

  createDirectory = refuse;
  writeFile = refuse;
  delete = refuse;
  rename = refuse;
}

function refuse(): never {
  throw vscode.FileSystemError.NoPermissions();
}
