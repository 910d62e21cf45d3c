/** The revisions of one run's documents. A revision is a time in milliseconds since the epoch that increases with each possible change. */
export class DocumentRevisions {
  #latest: number;
  /** The revision that the report got when its tab was covered last. */
  #refreshed: number;
  #displayed = 0;

  /** The first revision is a stored time of the run, so that it doesn't depend on when VS Code reads the documents. */
  constructor(first: number) {
    this.#latest = first;
    this.#refreshed = first;
  }

  get latest(): number {
    return this.#latest;
  }

  /** Whether a preview displays an earlier revision of the report. */
  get isPageOutdated(): boolean {
    return this.#displayed > 0 && this.#displayed < this.#latest;
  }

  change(now: number): void {
    this.#latest = Math.max(now, this.#latest + 1);
  }

  /**
   * Records that another tab covered the report. Returns whether the report must be refreshed, because the preview updates a hidden page only
   * when its text changes.
   */
  cover(now: number): boolean {
    if (this.#latest === this.#refreshed) return false;
    this.change(now);
    this.#refreshed = this.#latest;
    return true;
  }

  /** Records the revision of a displayed page. Returns whether the report must be refreshed, because VS Code had displayed a newer page. */
  display(revision: number, now: number): boolean {
    const isOutdated = revision < this.#displayed;
    this.#displayed = Math.max(revision, this.#displayed);
    this.#latest = Math.max(revision, this.#latest);
    if (isOutdated) this.change(now);
    return isOutdated;
  }
}
