import type { Input, JournalEntry } from '@retaguarda/messaging';

/** What one department takes: by event type, its steps. */
export type Takers = ReadonlyMap<string, readonly string[]>;

/** A department's message as the journal has it. */
export interface Told {
  readonly type: string;
  /** The envelope. */
  readonly text: string;
}

/** What the journal says about one department: what it did, and what it was told. Holds both in memory. */
export class Past {
  readonly entries: JournalEntry[] = [];
  readonly told = new Map<string, Told>();
  count = 0;

  constructor(
    private readonly department: string,
    readonly takers: Takers,
  ) {}

  take(entry: JournalEntry): void {
    this.count += 1;
    if (entry.department === this.department) this.entries.push(entry);
    this.hear(entry);
  }

  /** Only what others said, without what the department did. */
  hear({ events }: JournalEntry): void {
    for (const event of events)
      if (this.takers.has(event.type)) this.told.set(event.id, { type: event.type, text: JSON.stringify(event) });
  }

  /** In the order in which it was written; what was told twice is there once. */
  get inOrder(): readonly JournalEntry[] {
    return [...this.entries].sort((a, b) => Number(a.written) - Number(b.written));
  }
}

/** The body of a message that an entry handled: its own input, or what another department told. */
export function findMessage(past: Past, entry: JournalEntry, key: string): Input | Told | undefined {
  return entry.inputs.find((input) => input.key === key) ?? past.told.get(key);
}
