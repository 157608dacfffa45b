import 'reflect-metadata';
import { seedOf } from './dice.js';
import { Simulation, type Outcome, type Urls } from './simulation.js';

/** What a lane is told at its start. */
export interface Assignment {
  readonly urls: Urls;
  readonly seed: number;
  /** Plays schedule `first`, `first + step` and so on. */
  readonly first: number;
  readonly step: number;
  readonly schedules: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What it tells: each schedule that broke a promise, and from time to time how far it is. */
export type Told =
  | { readonly failed: Outcome }
  | { readonly played: number; readonly orders: number; readonly crashes: number; readonly isOver: boolean };

const TELLS_EVERY = 20;

/** One process of a run: a company of its own on databases of its own. */
export async function runLane(assignment: Assignment, tell: (told: Told) => void): Promise<void> {
  const { urls, seed, first, step, schedules, until } = assignment;
  const simulation = await Simulation.open(urls);
  let [played, orders, crashes] = [0, 0, 0];
  const sayHowFar = (isOver: boolean) => {
    tell({ played, orders, crashes, isOver });
    [played, orders, crashes] = [0, 0, 0];
  };
  for (let schedule = first; schedule < schedules && Date.now() < until; schedule += step) {
    const outcome = await simulation.play(seedOf(seed, schedule));
    [played, orders, crashes] = [played + 1, orders + outcome.orders, crashes + outcome.crashes];
    if (outcome.violations.length > 0) tell({ failed: outcome });
    if (played === TELLS_EVERY) sayHowFar(false);
  }
  await simulation.close();
  sayHowFar(true);
}

if (process.send) {
  process.once('message', (assignment: Assignment) => {
    runLane(assignment, (told) => void process.send!(told)).then(
      () => process.disconnect(),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
