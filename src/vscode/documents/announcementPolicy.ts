/** The maximum number of times that a change is announced again. A preview misses changes until its script has loaded. */
const maxRepeats = 3;

/** Decides when to announce that one run's documents changed. Except for `recordRead`, methods return whether to announce a change now. */
export class AnnouncementPolicy {
  /** A time in milliseconds since the epoch that increases with each possible change. */
  #revision: number;
  /** The revision after the report's tab was last hidden. */
  #hiddenRevision: number;
  /** The latest revision that a preview displays; 0 before the first one. */
  #displayedRevision = 0;
  /** The state of the first page. Changes wait for this page, because a preview stays blank if its document changes earlier. */
  #firstPage: 'unread' | 'awaited' | 'awaitedByChange' | 'displayed' = 'unread';
  #remainingRepeats = 0;

  /** `firstRevision` is a stored time of the run, so that it doesn't depend on when VS Code reads the documents. */
  constructor(firstRevision: number) {
    this.#revision = firstRevision;
    this.#hiddenRevision = firstRevision;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Records that VS Code reads the report. Returns true the first time, when changes begin to wait for the first page. */
  recordRead(): boolean {
    const isFirstRead = this.#firstPage === 'unread';
    if (isFirstRead) this.#firstPage = 'awaited';
    return isFirstRead;
  }

  /** Records that the documents may have changed. */
  recordChange(now: number): boolean {
    this.#increaseRevision(now);
    this.#remainingRepeats = maxRepeats;
    if (this.#firstPage === 'awaited') this.#firstPage = 'awaitedByChange';
    return this.#firstPage !== 'awaitedByChange';
  }

  /** Records that the report's tab was hidden. Announces changes again, because a hidden preview goes back to its first HTML. */
  recordHide(now: number): boolean {
    if (this.#revision === this.#hiddenRevision) return false;
    const shouldAnnounce = this.recordChange(now);
    this.#hiddenRevision = this.#revision;
    return shouldAnnounce;
  }

  /** Records the revision of a page that a preview displays. Announces a waiting change, or a change if the page is outdated. */
  recordDisplay(revision: number, now: number): boolean {
    // The first page of a slow preview may be older than a change that was announced before the preview could notice it.
    const isOutdated = revision < (this.#displayedRevision || this.#revision);
    this.#displayedRevision = Math.max(revision, this.#displayedRevision);
    this.#revision = Math.max(revision, this.#revision);
    const hasWaitingChange = this.endWait();
    return isOutdated ? this.recordChange(now) : hasWaitingChange;
  }

  /** Stops waiting for the first page, and announces a change that waited for it. */
  endWait(): boolean {
    const hasWaitingChange = this.#firstPage === 'awaitedByChange';
    this.#firstPage = 'displayed';
    return hasWaitingChange;
  }

  /** Repeats the announcement of a change that no preview displays yet, at most `maxRepeats` times. */
  repeat(now: number): boolean {
    if (this.#remainingRepeats === 0 || this.#displayedRevision === 0 || this.#displayedRevision >= this.#revision) return false;
    this.#remainingRepeats--;
    this.#increaseRevision(now);
    return true;
  }

  #increaseRevision(now: number): void {
    this.#revision = Math.max(now, this.#revision + 1);
  }
}
