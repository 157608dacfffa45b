import { Counter, Histogram, type Registry } from 'prom-client';
import type { Parking } from '../parked/parked.js';
import type { Done } from './transaction.js';

/** What the steps of one process have done since it started; also as Prometheus metrics. */
export interface StepTally {
  handled: number;
  duplicates: number;
  early: number;
  failed: number;
  parked: number;
  batches: number;
}

/** Told of a failure as it happens, for the log: step, reason. */
export type OnTrouble = (step: string, what: 'failed' | 'parked', reason: string) => void;

export class Tallies {
  private readonly steps = new Map<string, StepTally>();
  private readonly messages: Counter<'step' | 'outcome'>;
  private readonly batchSize: Histogram<'step'>;

  constructor(
    registry: Registry,
    private readonly onTrouble: OnTrouble,
  ) {
    this.messages = new Counter({
      name: 'retaguarda_messages_total',
      help: 'Messages per step and outcome',
      labelNames: ['step', 'outcome'],
      registers: [registry],
    });
    this.batchSize = new Histogram({
      name: 'retaguarda_batch_size',
      help: 'Messages per transaction',
      labelNames: ['step'],
      buckets: [1, 2, 5, 10, 20, 50, 100, 200],
      registers: [registry],
    });
  }

  of(step: string): Readonly<StepTally> {
    return this.tally(step);
  }

  done(step: string, { handled, duplicates, early }: Done): void {
    this.add(step, 'handled', handled);
    this.add(step, 'duplicates', duplicates);
    this.add(step, 'early', early);
    this.tally(step).batches += 1;
    this.batchSize.observe({ step }, handled + duplicates + early);
  }

  failed(step: string, reason: string): void {
    this.add(step, 'failed', 1);
    this.onTrouble(step, 'failed', reason);
  }

  parked(step: string, parkings: readonly Parking[]): void {
    this.add(step, 'parked', parkings.length);
    for (const { cause, reasons } of parkings)
      this.onTrouble(
        step,
        'parked',
        `${cause}: ${reasons.map(({ field, problem }) => `${field} ${problem}`).join('; ')}`,
      );
  }

  private add(step: string, outcome: Exclude<keyof StepTally, 'batches'>, count: number): void {
    if (count === 0) return;
    this.tally(step)[outcome] += count;
    this.messages.inc({ step, outcome }, count);
  }

  private tally(step: string): StepTally {
    let tally = this.steps.get(step);
    if (!tally)
      this.steps.set(step, (tally = { handled: 0, duplicates: 0, early: 0, failed: 0, parked: 0, batches: 0 }));
    return tally;
  }
}
