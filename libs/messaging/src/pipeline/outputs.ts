import type { EventClass } from '@retaguarda/contracts';
import { NotYet, Unprocessable } from '../process/handles.js';

export interface Outputs {
  readonly events: object[];
  readonly early: NotYet[];
}

/** Sorts what a handler returned into events that follow and messages that were too early. */
export function outputsOf(returned: unknown): Outputs {
  const list: unknown[] = Array.isArray(returned) ? returned : returned === undefined ? [] : [returned];
  const early = list.filter((item) => item instanceof NotYet);
  return { events: list.filter((item) => !(item instanceof NotYet)) as object[], early };
}

/** The row says what a handler may emit; anything else stops here, before it is committed. */
export function checkOutputs(step: string, events: readonly object[], emits: readonly EventClass[]): void {
  for (const event of events) {
    if (!emits.some((contract) => event instanceof (contract as new () => object)))
      throw new Unprocessable(
        `${step} returned ${event?.constructor?.name ?? String(event)}, which its row does not list.`,
      );
  }
}
