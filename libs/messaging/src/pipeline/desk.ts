import type { Clock, Tx } from '@retaguarda/database';
import { inTransaction } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import type { DataSource } from 'typeorm';
import { attachEnvelope, envelopeOf, seal, type Envelope } from '../envelope/envelope.js';
import { reach } from '../failpoints.js';
import { claim, pruneInbox } from '../inbox/inbox.js';
import { commandInputOf, type Work } from '../journal/journal.js';
import type { OutboxBatch } from '../outbox/outbox.js';
import { enqueue } from '../outbox/outbox.js';
import type { Relay } from '../outbox/relay.js';
import type { AnyHandles } from '../process/handles.js';
import type { Class, Process, Row } from '../process/process.js';
import { queueOf } from '../process/topology.js';
import { inTime } from './deadline.js';
import { checkOutputs, outputsOf } from './outputs.js';
import { LOCKS_OF_A_MINUTE, withoutConflict, type Workplace } from './transaction.js';

const CLAIM_DAYS = 30;

/** Thrown by `perform` when the command is too early; at an HTTP door that is a 409. */
export class TooEarly extends Error {
  override readonly name = 'TooEarly';
}

/** Finds the one instance of a row's class; Nest's `moduleRef.get` with `strict: false`. */
export type FindInstance = (command: Class) => AnyHandles;

export interface DeskSettings {
  readonly process: Process;
  readonly source: DataSource;
  readonly clock: Clock;
  readonly find: FindInstance;
}

/** One command of a door or of the clock, under the key by which the inbox knows it. */
interface Command {
  readonly row: Row;
  readonly cause: 'door' | 'clock';
  readonly key: string;
  /** What came in at the door, in its envelope. */
  readonly input?: object;
  /** What the outside said, for a duty that asks it. */
  readonly answer?: unknown;
}

/**
 * The HTTP doors' way into the process: performs a command of the process table in one transaction with the outbox, and
 * has its events sent after the commit. What it returns is committed.
 */
export class Desk {
  constructor(
    private readonly at: DeskSettings,
    private readonly relay: Relay,
  ) {}

  /**
   * @param input the command's event or body; it may be of any class that the handler takes
   * @returns the events that followed
   * @throws TooEarly, and whatever the handler throws
   */
  async perform<In extends object>(
    command: Class<
      { handle(input: In, tx: never): unknown } | { handleAll(inputs: readonly In[], tx: never): unknown }
    >,
    input: In,
  ): Promise<object[]> {
    const row = this.rowOf(command);
    const { id: key } = this.enclose(input);
    return this.commit({ row, cause: 'door', key, input });
  }

  /** Runs a duty of the clock once, asking the outside before the transaction; returns the events that followed. */
  async run(row: Row): Promise<object[]> {
    const handler = this.at.find(row.handler);
    const answer = handler.ask && (await inTime(handler.ask(this.at.clock.now())));
    return this.commit({ row, cause: 'clock', key: uuid(), answer });
  }

  /**
   * Does in a recovery what a door or the clock had done before, unless the inbox says that it is done. The input is
   * plain data in the envelope of the first time.
   */
  async again(workplace: Workplace, step: string, command: Omit<Command, 'row'>): Promise<OutboxBatch | undefined> {
    const row = this.at.process.rows.find(({ name }) => queueOf(this.at.process.department, name) === step);
    if (!row) throw new Error(`this department has no ${step}`);
    return (await this.inOneTransaction(workplace, { ...command, row })).batch;
  }

  /** Forgets some claims of the inbox that no redelivery can be as old as; returns whether there were any. */
  async forgetOldClaims(): Promise<boolean> {
    const { source, clock } = this.at;
    return (await inTransaction(source, clock, (tx) => pruneInbox(tx, CLAIM_DAYS))) > 0;
  }

  private async commit(command: Command): Promise<object[]> {
    const { source, clock, process } = this.at;
    const workplace = { department: process.department, source, clock };
    // Whoever asks at a door may ask again; what the outside said to a duty would be gone.
    const lockRetries = command.cause === 'clock' ? LOCKS_OF_A_MINUTE : undefined;
    const { events, batch } = await withoutConflict(() => this.inOneTransaction(workplace, command), lockRetries);
    if (FAILPOINTS) await reach('after-commit', process.department);
    if (batch) void this.relay.send([batch]);
    return events;
  }

  private inOneTransaction({ department, source, clock, again }: Workplace, command: Command) {
    const { row, key, input } = command;
    const step = queueOf(department, row.name);
    const { isOfTheMoment } = this.at.find(row.handler);
    return inTransaction(source, clock, async (tx) => {
      if (again && (!(await claim(tx, step, [key])).has(key) || isOfTheMoment)) return { events: [], batch: undefined };
      const { events, early } = outputsOf(await this.handle(command, tx));
      if (early[0]) throw new TooEarly(early[0].reason);
      checkOutputs(row.name, events, row.emits);
      const sealed = seal({ department, step, origin: key, now: tx.now }, events, input ? [input] : []);
      if (again) return { events, batch: await again(tx, sealed, 0) };
      if (events.length === 0 && (await hasDoneNothing(tx))) return { events, batch: undefined };
      await claim(tx, step, [key]);
      const work = isOfTheMoment ? undefined : workOf(department, step, command, tx.now);
      const batch = await enqueue(tx, sealed, work);
      if (FAILPOINTS) await reach('after-handler', department);
      return { events, batch };
    });
  }

  private handle({ row, input, answer }: Command, tx: Tx): Promise<unknown> {
    const handler = this.at.find(row.handler);
    if (!input) return handler.run!(tx, answer);
    return handler.handleAll ? handler.handleAll([input], tx) : handler.handle!(input, tx);
  }

  private rowOf(command: Class): Row {
    const row = this.at.process.rows.find(({ handler }) => handler === command);
    if (!row) throw new Error(`${command.name} is not in the process of ${this.at.process.department}.`);
    return row;
  }

  /** What comes in by HTTP starts a chain of its own. */
  private enclose(input: object): Envelope {
    const { type } = input.constructor as { type?: string };
    const id = uuid();
    const envelope: Envelope = {
      specversion: '1.0',
      id,
      source: `/retaguarda/${this.at.process.department}/http`,
      type: type ?? input.constructor.name,
      time: this.at.clock.now().toISOString(),
      datacontenttype: 'application/json',
      correlationid: id,
      data: input,
    };
    attachEnvelope(input, envelope);
    return envelope;
  }
}

/**
 * A duty finds nothing to do most of the time, and a command may come twice. Whoever wrote or locked a row has a
 * transaction id.
 */
async function hasDoneNothing(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ has: boolean }>('select pg_current_xact_id_if_assigned() is not null as has');
  return !row!.has;
}

function workOf(department: string, step: string, { cause, key, input, answer }: Command, at: Date): Work {
  return {
    ...{ department, step, cause, at, handled: [key] },
    ...(input ? { inputs: [commandInputOf(key, envelopeOf(input))] } : {}),
    ...(answer === undefined ? {} : { answers: [answer] }),
  };
}
