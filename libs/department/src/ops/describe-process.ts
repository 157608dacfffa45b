import type { Messaging, Row, StepTally } from '@retaguarda/messaging';
import { eventsOf, queueOf } from '@retaguarda/messaging';

/** What a queue holds at the moment, by the broker's word. */
export interface QueueDepth {
  readonly waiting: number;
  readonly consumers: number;
}

/** One row of the process table as outside readers see it. */
export interface DescribedRow {
  readonly command: string;
  readonly on?: readonly string[];
  readonly at?: string;
  readonly everySeconds?: number;
  readonly emits: readonly string[];
  readonly retry?: string;
  readonly queue?: string;
  readonly waiting?: number;
  readonly consumers?: number;
  readonly since?: Readonly<StepTally>;
}

export interface DescribedProcess {
  readonly department: string;
  readonly rows: readonly DescribedRow[];
}

/** The executed table as JSON: the source of the control room's map and of the launcher's progress view. */
export function describeProcess(messaging: Messaging, depths: ReadonlyMap<string, QueueDepth>): DescribedProcess {
  const { process } = messaging.settings;
  return {
    department: process.department,
    rows: process.rows.map((row) => ({ ...describeRow(row), ...describeQueue(messaging, row, depths) })),
  };
}

function describeRow({ name, trigger, emits }: Row): DescribedRow {
  const types = emits.map(({ type }) => type);
  if (trigger.kind === 'http') return { command: name, at: trigger.route, emits: types };
  if (trigger.kind === 'clock') return { command: name, everySeconds: trigger.everyMs / 1_000, emits: types };
  return { command: name, on: trigger.events.map(({ type }) => type), emits: types };
}

function describeQueue(messaging: Messaging, row: Row, depths: ReadonlyMap<string, QueueDepth>): Partial<DescribedRow> {
  if (eventsOf(row).length === 0) return {};
  const queue = queueOf(messaging.department, row.name);
  return { queue, retry: row.retry, ...depths.get(queue), since: messaging.tallies.of(queue) };
}
