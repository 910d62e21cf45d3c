/** Something that is loaded when it is first wanted. Where that fails - files may be exchanged under a window while the extension is updated - the next who wants it tries again. */
export class Later<T> {
  #loaded: Promise<T> | undefined;

  constructor(private readonly load: () => Promise<T>) {}

  /** Undefined as long as nobody wanted it. */
  get asked(): Promise<T> | undefined {
    return this.#loaded;
  }

  get(): Promise<T> {
    const loaded = (this.#loaded ??= this.load());
    loaded.catch(() => (this.#loaded = undefined));
    return loaded;
  }
}
