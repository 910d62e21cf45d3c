import vscode = require('vscode');
import { hasBody, hasOutput, type Kickoff } from '#core/kickoff/kickoff';
import { UserFacingError } from '#core/lib/errors';
import { words } from '#present/words/words';
import { t } from '#vscode/l10n';
import { documentUri, reportEditorId } from './documentUri';
import { visibleDocumentsOf } from './openTabs';

/** Opens the rendered report in VS Code's Markdown preview, in a tab that survives a reload. */
export async function openReport(kickoff: Kickoff): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', documentUri(kickoff, 'report'), reportEditorId, { preview: true });
}

/** Opens an output of a run or its last response. Uses `vscode.open`, because `openTextDocument` rejects more than 50 MB. */
export async function openText(kickoff: Kickoff, kind: 'output' | 'status' | { readonly taskPosition: number }): Promise<void> {
  if (kind === 'output' && !hasOutput(kickoff)) throw new UserFacingError(t(words.noOutput));
  if (kind === 'status' && !hasBody(kickoff)) throw new UserFacingError(t(words.noResponse));
  await vscode.commands.executeCommand('vscode.open', documentUri(kickoff, kind));
}

/** Opens a document beside the active editor, which stays visible and focused. Does nothing if the document is visible already. */
export async function openBeside(kickoff: Kickoff, kind: 'output' | 'report', isPreview: boolean): Promise<void> {
  if (visibleDocumentsOf(kickoff).some((document) => document.kind === kind)) return;
  const hasActiveTab = vscode.window.tabGroups.activeTabGroup.activeTab !== undefined;
  const options = {
    preserveFocus: true,
    preview: isPreview,
    viewColumn: hasActiveTab ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
  };
  const editorId = kind === 'report' ? reportEditorId : 'default';
  await vscode.commands.executeCommand('vscode.openWith', documentUri(kickoff, kind), editorId, options);
}
