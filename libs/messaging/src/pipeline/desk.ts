import type { Clock } from '@retaguarda/database';
import { inTransaction } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import type { DataSource } from 'typeorm';
import { attachEnvelope, seal } from '../envelope/envelope.js';
import { enqueue } from '../outbox/outbox.js';
import type { Relay } from '../outbox/relay.js';
import type { AnyHandler } from '../process/handlers.js';
import type { Class, Process, Row } from '../process/process.js';
import { checkOutputs, outputsOf } from './outputs.js';
import { withoutConflict } from './transaction.js';

/** Thrown by `perform` when the command is too early; at an HTTP door that is a 409. */
export class TooEarly extends Error {
  override readonly name = 'TooEarly';
}

/** Finds the one instance of a handler class; Nest's `moduleRef.get` with `strict: false`. */
export type FindHandler = (handler: Class) => AnyHandler;

/**
 * The HTTP doors' way into the process: performs a command of the process table in one transaction with the outbox, and
 * has its events sent after the commit. What it returns is committed.
 */
export class Desk {
  constructor(
    private readonly process: Process,
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly relay: Relay,
    private readonly find: FindHandler,
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
    const handler = this.find(row.handler);
    this.enclose(input);
    const { events, batch } = await withoutConflict(() =>
      inTransaction(this.source, this.clock, async (tx) => {
        const returned = handler.handleAll ? await handler.handleAll([input], tx) : await handler.handle!(input, tx);
        const { events, early } = outputsOf(returned);
        if (early[0]) throw new TooEarly(early[0].reason);
        checkOutputs(row.name, events, row.emits);
        return { events, batch: await enqueue(tx, seal(this.process.department, events, [input], tx.now)) };
      }),
    );
    if (batch) void this.relay.send([batch]);
    return events;
  }

  /** Runs a duty of the clock once; returns the events that followed. */
  async run(row: Row): Promise<object[]> {
    const handler = this.find(row.handler);
    const { events, batch } = await withoutConflict(() =>
      inTransaction(this.source, this.clock, async (tx) => {
        const { events } = outputsOf(await handler.run!(tx));
        checkOutputs(row.name, events, row.emits);
        return { events, batch: await enqueue(tx, seal(this.process.department, events, [], tx.now)) };
      }),
    );
    if (batch) void this.relay.send([batch]);
    return events;
  }

  private rowOf(command: Class): Row {
    const row = this.process.rows.find(({ handler }) => handler === command);
    if (!row) throw new Error(`${command.name} is not in the process of ${this.process.department}.`);
    return row;
  }

  /** What comes in by HTTP starts a chain of its own. */
  private enclose(input: object): void {
    const { type } = input.constructor as { type?: string };
    const id = uuid();
    attachEnvelope(input, {
      specversion: '1.0',
      id,
      source: `/retaguarda/${this.process.department}/http`,
      type: type ?? input.constructor.name,
      time: this.clock.now().toISOString(),
      datacontenttype: 'application/json',
      correlationid: id,
      data: undefined,
    });
  }
}
