import type { Clock, Tx } from '@retaguarda/database';
import { inTransaction } from '@retaguarda/database';
import type { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Replaying } from './journal/replaying.js';
import { Relay } from './outbox/relay.js';
import { Redriving } from './parked/redriving.js';
import type { FindInstance } from './pipeline/desk.js';
import { Desk } from './pipeline/desk.js';
import { Duties } from './pipeline/duties.js';
import { Pipeline } from './pipeline/pipeline.js';
import type { Incoming, Step } from './pipeline/step.js';
import { Tallies } from './pipeline/tallies.js';
import { withoutConflict } from './pipeline/transaction.js';
import type { Process } from './process/process.js';
import { eventsOf, queueOf } from './process/topology.js';
import { Publisher } from './rabbit/publisher.js';
import { Deferrals } from './retry/deferrals.js';
import { Gate } from './retry/gate.js';

export interface MessagingSettings {
  readonly process: Process;
  readonly source: DataSource;
  readonly clock: Clock;
  readonly find: FindInstance;
  readonly registry: Registry;
  readonly log: MessagingLog;
}

export interface MessagingLog {
  info(message: string): void;
  warn(message: string): void;
}

/** Everything of a department's messaging that is not the broker: steps, pipeline, outbox, retries, desk, duties. */
export class Messaging {
  readonly department: string;
  readonly gate: Gate;
  readonly tallies: Tallies;
  readonly publisher = new Publisher();
  readonly relay: Relay;
  readonly desk: Desk;
  readonly duties: Duties;
  readonly deferrals: Deferrals;
  readonly redriving: Redriving;
  readonly replaying: Replaying;
  private readonly pipeline: Pipeline;
  private readonly steps = new Map<string, Step>();

  constructor(readonly settings: MessagingSettings) {
    const { process, source, clock, registry, log } = settings;
    const warn = (message: string) => log.warn(message);
    this.department = process.department;
    this.gate = new Gate(source);
    this.tallies = new Tallies(registry, (step, what, reason) => log.warn(`${step}: a message ${what}: ${reason}`));
    this.pipeline = new Pipeline({ department: process.department, source, clock }, this.gate, this.tallies);
    this.relay = new Relay(source, this.publisher, warn);
    this.desk = new Desk(settings, this.relay);
    this.duties = new Duties(process, this.desk, warn);
    this.deferrals = new Deferrals(source, (step, messages) => this.takeDeferred(step, messages), warn);
    this.redriving = new Redriving(source, clock, () => this.deferrals.expect(), warn);
    this.replaying = new Replaying(this);
  }

  /** The steps of the process table, each with its handler instance. Call once the handlers can be found. */
  openSteps(): Step[] {
    const { process, find } = this.settings;
    return process.rows
      .filter((row) => eventsOf(row).length > 0)
      .map((row) =>
        this.addStep({
          name: queueOf(process.department, row.name),
          events: eventsOf(row),
          emits: row.emits,
          retry: row.retry,
          restMs: row.restMs,
          handler: find(row.handler),
        }),
      );
  }

  addStep(step: Step): Step {
    this.steps.set(step.name, step);
    return step;
  }

  /** One of the opened steps. Throws for a name that is none. */
  step(name: string): Step {
    const step = this.steps.get(name);
    if (!step) throw new Error(`${this.department} has no step ${name}; it has ${this.stepNames.join(', ')}.`);
    return step;
  }

  get stepNames(): string[] {
    return [...this.steps.keys()];
  }

  /** Takes a batch to "committed"; `sent` settles when its events are confirmed or left to the sweeper. */
  async take(step: Step, batch: readonly Incoming[]): Promise<{ sent: Promise<void> }> {
    const before = this.tallies.of(step.name);
    const { early, failed } = before;
    const outbox = await this.pipeline.process(step, batch);
    const after = this.tallies.of(step.name);
    if (after.early > early || after.failed > failed) this.deferrals.expect();
    return { sent: this.relay.send(outbox) };
  }

  /**
   * Does what a person presses in one transaction, which may meet the pipeline's: deadlocks are tried again, and one
   * lock timeout. So `work` does nothing outside of `tx`. Rejects with what it throws.
   */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { source, clock } = this.settings;
    return withoutConflict(() => inTransaction(source, clock, work));
  }

  start(): void {
    this.relay.start();
    this.deferrals.start();
    this.redriving.start();
    this.duties.start();
  }

  /** From now on nothing waits for a database that is away. Call before the consumers' drains are awaited. */
  giveUpWaiting(): void {
    this.gate.giveUpWaiting();
  }

  /** Stops what starts work by itself, then waits for what is under way. Consumers are drained before. */
  async stop(): Promise<void> {
    this.giveUpWaiting();
    await this.duties.stop();
    await this.redriving.stop();
    await this.deferrals.stop();
    this.gate.close();
    await this.relay.stop();
  }

  /** Messages for a step that this version of the department does not have need a person: they are parked. */
  private async takeDeferred(name: string, messages: readonly Incoming[]): Promise<void> {
    const step = this.steps.get(name);
    if (!step) return this.pipeline.parkStrays(name, messages);
    const { sent } = await this.take(step, messages);
    await sent;
  }
}
