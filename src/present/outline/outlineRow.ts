import type { KickoffList } from '#core/history/kickoffList';
import type { Kickoff, KickoffRef } from '#core/kickoff/kickoff';
import type { Clock } from '#core/lib/types';
import type { Staleness } from '#core/polling/staleness';
import type { DocumentKind } from '#present/documents/documentName';
import type { Row } from '#present/rows/kickoffRow';
import type { FormatDate } from '#present/times';
import type { Translate } from '#present/words/words';

export interface OutlineParts {
  readonly board: KickoffList;
  readonly staleness: Staleness;
  readonly clock: Pick<Clock, 'now'>;
  /** `current` changes when the user changes a setting. */
  readonly settings: { readonly current: { readonly openWith: 'report' | 'output' } };
  readonly formatDate: FormatDate;
  readonly t: Translate;
}

/** The content of a row at the time when it was requested. */
export interface OutlineRow {
  readonly row: Row;
  /** Plain text, so that links and icons in server text have no effect. If undefined, VS Code shows the label. */
  readonly tooltip: string | undefined;
  /** The content as text, with the content of task rows, which `affectedBy` never returns. The row is redrawn if this text changes. */
  readonly comparable: string;
  /** The name of a `TreeItemCollapsibleState` of VS Code. */
  readonly expansion: 'None' | 'Collapsed' | 'Expanded';
  /** The document that a click opens. */
  readonly documentToOpen?: { readonly kickoff: Kickoff; readonly kind: DocumentKind } | undefined;
  /** The run whose inputs the tooltip also contains. Such a tooltip is created only when VS Code requests it. */
  readonly inputsRun?: KickoffRef;
}
