import type { Clock, Tx } from '@retaguarda/database';
import { inTransaction } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import type { DataSource } from 'typeorm';
import { attachEnvelope, seal } from '../envelope/envelope.js';
import { reach } from '../failpoints.js';
import { pruneInbox } from '../inbox/inbox.js';
import { enqueue } from '../outbox/outbox.js';
import type { Relay } from '../outbox/relay.js';
import type { AnyHandles } from '../process/handles.js';
import type { Class, Process, Row } from '../process/process.js';
import { inTime } from './deadline.js';
import { checkOutputs, outputsOf } from './outputs.js';
import { withoutConflict } from './transaction.js';

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
    const handler = this.at.find(row.handler);
    this.enclose(input);
    return this.commit(row, [input], (tx) =>
      handler.handleAll ? handler.handleAll([input], tx) : handler.handle!(input, tx),
    );
  }

  /** Runs a duty of the clock once, asking the outside before the transaction; returns the events that followed. */
  async run(row: Row): Promise<object[]> {
    const handler = this.at.find(row.handler);
    const answer = handler.ask && (await inTime(handler.ask(this.at.clock.now())));
    return this.commit(row, [], (tx) => handler.run!(tx, answer));
  }

  /** Forgets some claims of the inbox that no redelivery can be as old as; returns whether there were any. */
  async forgetOldClaims(): Promise<boolean> {
    const { source, clock } = this.at;
    return (await inTransaction(source, clock, (tx) => pruneInbox(tx, CLAIM_DAYS))) > 0;
  }

  private async commit(row: Row, causes: object[], work: (tx: Tx) => Promise<unknown>): Promise<object[]> {
    const { source, clock, process } = this.at;
    const { events, batch } = await withoutConflict(() =>
      inTransaction(source, clock, async (tx) => {
        const { events, early } = outputsOf(await work(tx));
        if (early[0]) throw new TooEarly(early[0].reason);
        checkOutputs(row.name, events, row.emits);
        const batch = await enqueue(tx, seal(process.department, events, causes, tx.now));
        if (FAILPOINTS) await reach('after-handler', process.department);
        return { events, batch };
      }),
    );
    if (FAILPOINTS) await reach('after-commit', process.department);
    if (batch) void this.relay.send([batch]);
    return events;
  }

  private rowOf(command: Class): Row {
    const row = this.at.process.rows.find(({ handler }) => handler === command);
    if (!row) throw new Error(`${command.name} is not in the process of ${this.at.process.department}.`);
    return row;
  }

  /** What comes in by HTTP starts a chain of its own. */
  private enclose(input: object): void {
    const { type } = input.constructor as { type?: string };
    const id = uuid();
    attachEnvelope(input, {
      specversion: '1.0',
      id,
      source: `/retaguarda/${this.at.process.department}/http`,
      type: type ?? input.constructor.name,
      time: this.at.clock.now().toISOString(),
      datacontenttype: 'application/json',
      correlationid: id,
      data: undefined,
    });
  }
}
