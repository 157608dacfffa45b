/** What must be undone before the program ends, in whatever way it ends: by itself, by an error or by Ctrl-C. */
export class Leaving {
  private readonly duties: (() => Promise<void>)[] = [];
  private left: Promise<void> | undefined;

  /** Undone last in, first out. Returns the way to undo it earlier. */
  add(duty: () => Promise<void>): () => Promise<void> {
    let done: Promise<void> | undefined;
    const once = () => (done ??= duty());
    this.duties.push(once);
    return once;
  }

  get isLeaving(): boolean {
    return this.left !== undefined;
  }

  /** To be asked right before something is started: what is started afterwards would stay. */
  throwIfLeaving(): void {
    if (this.left) throw new Error('The benchmark was stopped.');
  }

  /** Every duty is tried, whatever became of the others. */
  leave(): Promise<void> {
    return (this.left ??= this.undo());
  }

  private async undo(): Promise<void> {
    for (const duty of this.duties.reverse()) {
      await duty().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));
    }
  }
}
