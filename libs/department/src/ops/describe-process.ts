import type { Messaging, Process, Row, StepTally } from '@retaguarda/messaging';
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
  /** How long it rests after a batch that was not full; milliseconds. */
  readonly restMs?: number;
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

/** The table alone, without a broker or database: `node dist/main.js --describe`. */
export function describeTable({ department, rows }: Process): DescribedProcess {
  return { department, rows: rows.map((row) => ({ ...describeRow(row), ...queueNameOf(department, row) })) };
}

function queueNameOf(department: string, row: Row): Partial<DescribedRow> {
  if (eventsOf(row).length === 0) return {};
  const { name, retry, restMs } = row;
  return { queue: queueOf(department, name), retry, ...(restMs > 0 ? { restMs } : {}) };
}

function describeRow({ name, trigger, emits }: Row): DescribedRow {
  const types = emits.map(({ type }) => type);
  if (trigger.kind === 'http') return { command: name, at: trigger.route, emits: types };
  if (trigger.kind === 'clock') return { command: name, everySeconds: trigger.everyMs / 1_000, emits: types };
  return { command: name, on: trigger.events.map(({ type }) => type), emits: types };
}

function describeQueue(messaging: Messaging, row: Row, depths: ReadonlyMap<string, QueueDepth>): Partial<DescribedRow> {
  const named = queueNameOf(messaging.department, row);
  if (!named.queue) return {};
  return { ...named, ...depths.get(named.queue), since: messaging.tallies.of(named.queue) };
}
