import type { Process, Row } from '../process/process.js';
import type { Desk } from './desk.js';

/** Runs the `every` rows of a process. A duty that fails says so and runs again at its next time. */
export class Duties {
  private readonly timers = new Map<Row, NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private isStopped = false;

  constructor(
    private readonly process: Process,
    private readonly desk: Desk,
    private readonly log: (message: string) => void,
  ) {}

  start(): void {
    for (const row of this.process.rows) if (row.trigger.kind === 'clock') this.schedule(row, row.trigger.everyMs);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running);
  }

  private schedule(row: Row, everyMs: number): void {
    if (this.isStopped) return;
    const timer = setTimeout(() => {
      const run = this.run(row).finally(() => {
        this.running.delete(run);
        this.schedule(row, everyMs);
      });
      this.running.add(run);
    }, everyMs);
    this.timers.set(row, timer);
  }

  private async run(row: Row): Promise<void> {
    try {
      await this.desk.run(row);
    } catch (error) {
      if (!this.isStopped) this.log(`${row.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
