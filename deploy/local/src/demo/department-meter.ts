import type { Backlog, DescribedProcess } from '@retaguarda/department';

/** What `GET /ops/process` answers. */
export type ProcessReading = Pick<DescribedProcess, 'rows'> & { backlog: Backlog };

export interface DepartmentView {
  name: string;
  isAnswering: boolean;
  /** Messages since the meter's first reading. */
  handled: number;
  perSecond: number;
  /** In its queues, its outbox and its deferrals. */
  waiting: number;
  deferred: number;
  /** Since the first reading: what was parked before is another run's. */
  parked: number;
}

const windowMs = 4_000;

/** Turns readings of one department, which count from the start of its process, into totals and a rate. */
export class DepartmentMeter {
  private last?: number;
  private parkedBefore?: number;
  private handled = 0;
  private readonly history: { atMs: number; handled: number }[] = [];
  private shown: DepartmentView;

  constructor(readonly name: string) {
    this.shown = { name, isAnswering: false, handled: 0, perSecond: 0, waiting: 0, deferred: 0, parked: 0 };
  }

  /** `undefined`: it did not answer, as while it is restarted; then the totals stay as they were. */
  observe(reading: ProcessReading | undefined, atMs: number): DepartmentView {
    if (!reading) return (this.shown = { ...this.shown, isAnswering: false, perSecond: 0 });
    const now = reading.rows.reduce((sum, { since }) => sum + (since?.handled ?? 0), 0);
    const last = this.last ?? now;
    // A process that was restarted counts from zero again.
    this.handled += now < last ? now : now - last;
    this.last = now;
    const { unsent, deferred, parked } = reading.backlog;
    this.parkedBefore ??= parked;
    const queued = reading.rows.reduce((sum, { waiting = 0 }) => sum + waiting, 0);
    return (this.shown = {
      name: this.name,
      isAnswering: true,
      handled: this.handled,
      perSecond: this.rate(atMs),
      waiting: queued + unsent + deferred,
      deferred,
      parked: Math.max(0, parked - this.parkedBefore),
    });
  }

  private rate(atMs: number): number {
    this.history.push({ atMs, handled: this.handled });
    while ((this.history[1]?.atMs ?? Infinity) <= atMs - windowMs) this.history.shift();
    const [oldest] = this.history;
    const spanMs = atMs - (oldest?.atMs ?? atMs);
    return spanMs > 0 ? (1_000 * (this.handled - (oldest?.handled ?? 0))) / spanMs : 0;
  }
}

/** Reads all departments at once; one that does not answer within two seconds is undefined. */
export async function readDepartments(services: Readonly<Record<string, string>>) {
  const readings = Object.entries(services).map(async ([name, url]) => [name, await readingOf(url)] as const);
  return new Map(await Promise.all(readings));
}

async function readingOf(url: string): Promise<ProcessReading | undefined> {
  try {
    const response = await fetch(`${url}/ops/process`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? ((await response.json()) as ProcessReading) : undefined;
  } catch {
    return undefined;
  }
}
