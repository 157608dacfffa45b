import 'reflect-metadata';
import { seedOf } from './dice.js';
import { Simulation, type Outcome } from './simulation.js';

/** What a lane is told at its start. */
export interface Assignment {
  readonly seed: number;
  /** Plays schedule `first`, `first + step` and so on, below `end`. */
  readonly first: number;
  readonly step: number;
  readonly end: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What it tells: each schedule that broke a promise, and from time to time how far it is. */
export type Told =
  | { readonly failed: Outcome }
  | { readonly played: number; readonly orders: number; readonly crashes: number; readonly next: number };

const TELLS_EVERY = 20;

/** One process of a run: a company of its own on databases of its own. Ends early when it is told to stop. */
export async function runLane(
  { seed, first, step, end, until }: Assignment,
  tell: (told: Told) => void,
  stop: { readonly isWanted: boolean },
): Promise<void> {
  const simulation = await Simulation.open();
  let [played, orders, crashes] = [0, 0, 0];
  let schedule = first;
  const sayHowFar = () => {
    tell({ played, orders, crashes, next: schedule });
    [played, orders, crashes] = [0, 0, 0];
  };
  while (schedule < end && Date.now() < until && !stop.isWanted) {
    const outcome = await simulation.play(seedOf(seed, schedule));
    schedule += step;
    [played, orders, crashes] = [played + 1, orders + outcome.orders, crashes + outcome.crashes];
    if (outcome.violations.length > 0) tell({ failed: outcome });
    if (played === TELLS_EVERY) sayHowFar();
  }
  await simulation.close();
  sayHowFar();
}

if (process.send) {
  const stop = { isWanted: false };
  process.on('disconnect', () => process.exit());
  process.on('message', (told: Assignment | 'stop') => {
    if (told === 'stop') {
      stop.isWanted = true;
      return;
    }
    runLane(told, (what) => void process.send!(what), stop).then(
      () => process.disconnect(),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
