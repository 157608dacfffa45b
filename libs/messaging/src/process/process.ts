import type { EventClass } from '@retaguarda/contracts';
import type { AnyHandles, NotYet } from './handles.js';
import type { RetryPolicyName } from '../retry/policies.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a class with whatever it wants injected
export type Class<T = unknown> = new (...args: any[]) => T;

/** One row of a process table. `name` is the command in kebab-case: the queue is `<department>.<name>`. */
export interface Row {
  readonly trigger:
    | { readonly kind: 'event'; readonly events: readonly EventClass[] }
    | { readonly kind: 'http'; readonly route: string }
    | { readonly kind: 'clock'; readonly everyMs: number };
  readonly handler: Class<AnyHandles>;
  readonly name: string;
  readonly emits: readonly EventClass[];
  readonly retry: RetryPolicyName;
  /** How long it rests after a batch that was not full; milliseconds. */
  readonly restMs: number;
}

export interface Process {
  readonly department: string;
  readonly rows: readonly Row[];
}

/** A row that is complete, unless something else than the usual is wanted. */
export interface OpenRow extends Row {
  /** Another policy than `standard`. */
  retryBy(policy: RetryPolicyName): OpenRow;
  /** For a step that nobody waits for: what comes while it rests is done together, in one transaction. */
  restFor(ms: number): OpenRow;
}

type Flat<R> = R extends readonly (infer X)[] ? Exclude<X, NotYet> : Exclude<R, NotYet | void | undefined>;
type OutOf<H> = H extends { handleAll(events: never, tx: never, answers: never): Promise<infer R> }
  ? Flat<R>
  : H extends { handle(event: never, tx: never, answer: never): Promise<infer R> }
    ? Flat<R>
    : H extends { run(tx: never, answer: never): Promise<infer R> }
      ? Flat<R>
      : never;
type InOf<H> = H extends { handleAll(events: readonly (infer I)[], tx: never, answers: never): unknown }
  ? I
  : H extends { handle(event: infer I, tx: never, answer: never): unknown }
    ? I
    : never;

interface Mistake<Message extends string> {
  readonly mistake: Message;
}
type Listed<C extends readonly EventClass[]> = InstanceType<C[number]>;
type Emits<H, C extends readonly EventClass[]> = [OutOf<H>] extends [Listed<C>]
  ? [Listed<C>] extends [OutOf<H>]
    ? unknown
    : Mistake<'the row lists an event that the handler never returns'>
  : Mistake<'the handler returns an event that the row does not list'>;

function rowOf(trigger: Row['trigger'], handler: Class<AnyHandles>, emits: readonly EventClass[]): OpenRow {
  return openRow({ trigger, handler, name: kebab(handler.name), emits, retry: 'standard', restMs: 0 });
}

function openRow(row: Row): OpenRow {
  return {
    ...row,
    retryBy: (retry) => openRow({ ...row, retry }),
    restFor: (restMs) => openRow({ ...row, restMs }),
  };
}

function emitting<H>(trigger: Row['trigger'], handler: Class<H>) {
  return {
    emits: <const C extends readonly EventClass[]>(...events: C & Emits<H, C>): OpenRow =>
      rowOf(trigger, handler as Class<AnyHandles>, events),
  };
}

/** A step: when one of these events arrives. The events of one row share one queue. */
export function on<E extends readonly [EventClass, ...EventClass[]]>(...events: E) {
  return {
    do: <H>(
      handler: Class<H> &
        (Listed<E> extends InOf<H> ? unknown : Mistake<'the handler does not take each of these events'>),
    ) => emitting({ kind: 'event', events }, handler as Class<H>),
  };
}

/** A door: the command is performed by an HTTP endpoint, in one transaction with the outbox. */
export function at(route: string) {
  return { do: <H>(handler: Class<H>) => emitting({ kind: 'http', route }, handler) };
}

/** A duty: performed every so many seconds, by whichever instance gets to it. */
export function every(seconds: number) {
  return { do: <H>(handler: Class<H>) => emitting({ kind: 'clock', everyMs: seconds * 1_000 }, handler) };
}

/** A department's process: everything that it does, and on what. Refuses a table that names a command twice. */
export function process(department: string, ...rows: readonly Row[]): Process {
  const names = rows.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`The process of ${department} has two rows for ${twice}: one command, one row.`);
  return { department, rows };
}

/** `ReserveStock` → `reserve-stock` */
export function kebab(className: string): string {
  return className.replace(/(?<=[a-z0-9])[A-Z]/g, (capital) => `-${capital}`).toLowerCase();
}
