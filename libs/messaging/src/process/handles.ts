import type { Tx } from '@retaguarda/database';

/**
 * The work is not possible yet because an earlier event has not arrived. It is no error: the message is put aside
 * together with the commit of its batch and comes back by the `patient` policy.
 */
export class NotYet {
  /** A private member makes the type its own: an event with a `reason` must not be taken for it. */
  private readonly isNotYet = true;

  constructor(
    readonly reason: string,
    /** In `handleAll`: which of the batch's events is too early. */
    readonly event?: object,
  ) {}
}

/** `return notYet('the invoice is not issued')`; in `handleAll` with the event it speaks of. */
export function notYet(reason: string, event?: object): NotYet {
  return new NotYet(reason, event);
}

/** Thrown by a handler for a message that no retry can mend; it is parked at once with this message as reason. */
export class Unprocessable extends Error {
  override readonly name = 'Unprocessable';
}

type Outcome<Out> = Out | NotYet | readonly (Out | NotYet)[] | void;

/** One command: what a department does about one event. It returns the events that follow. */
export interface Handles<In, Out = never> {
  handle(event: In, tx: Tx): Promise<Outcome<Out>>;
}

/** The same over a batch, in set-based SQL. `events` holds each message once, in the order of arrival. */
export interface HandlesAll<In, Out = never> {
  handleAll(events: readonly In[], tx: Tx): Promise<readonly (Out | NotYet)[]>;
}

/**
 * A door to the outside. `ask` runs outside any transaction and may run again for the same event after a crash, so it
 * must carry an idempotency key; `handle` records the answer.
 */
export interface Asks<In, Answer, Out = never> {
  ask(event: In): Promise<Answer>;
  handle(event: In, tx: Tx, answer: Answer): Promise<Outcome<Out>>;
}

/** The same over a batch: each event is asked about by itself, the answers are recorded together, in the events' order. */
export interface AsksAll<In, Answer, Out = never> {
  ask(event: In): Promise<Answer>;
  handleAll(events: readonly In[], tx: Tx, answers: readonly Answer[]): Promise<readonly (Out | NotYet)[]>;
}

/** Work that the clock starts. Several instances may run it at the same time: take rows with `skip locked`. */
export interface RunsEvery<Out = never> {
  /**
   * It tells how things are and not what has happened. The journal keeps nothing of it, and a recovery does not tell again
   * how they were: the next run tells what differs.
   */
  readonly isOfTheMoment?: true;
  run(tx: Tx): Promise<readonly Out[]>;
}

/**
 * Work that the clock starts and that needs the outside. `ask` runs outside any transaction, and may run again after a
 * crash or beside another instance: lease rows with `skip locked` and carry an idempotency key. `run` records the answer.
 */
export interface AsksEvery<Answer, Out = never> {
  ask(now: Date): Promise<Answer>;
  run(tx: Tx, answer: Answer): Promise<readonly Out[]>;
}

/** What the pipeline calls, whichever of the shapes a class has. */
export interface AnyHandles {
  handle?(event: unknown, tx: Tx, answer?: unknown): Promise<Outcome<object>>;
  handleAll?(events: readonly unknown[], tx: Tx, answers?: readonly unknown[]): Promise<readonly object[]>;
  /** With the event of an `on` row, or the time of an `every` row. */
  ask?(eventOrNow: unknown): Promise<unknown>;
  /** Of an `every` row. */
  readonly isOfTheMoment?: true;
  run?(tx: Tx, answer?: unknown): Promise<readonly object[]>;
}
