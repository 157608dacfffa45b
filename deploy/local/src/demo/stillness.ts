/** How long nothing has changed. */
export class Stillness {
  private seen = '';
  private sinceMs = 0;

  /** Milliseconds since `state` last looked different. */
  observe(state: unknown, nowMs: number): number {
    const looks = JSON.stringify(state);
    if (looks !== this.seen) [this.seen, this.sinceMs] = [looks, nowMs];
    return nowMs - this.sinceMs;
  }
}
