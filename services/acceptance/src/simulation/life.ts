import { AsyncLocalStorage } from 'node:async_hooks';

/** Thrown at the point where a process dies, so that its open transaction is rolled back. Nothing of the life sees it. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
}

/** What a process passes on its way, at each of which it may die. */
export type Point =
  | 'before a transaction'
  | 'before commit'
  | 'after commit'
  | 'before a statement'
  | 'after a statement'
  | 'at a publish'
  | 'at an ack';

/**
 * One life of a department's process, from its start to its end. Whatever runs in it belongs to it; once it is over,
 * nothing of it goes on: its timers are silent and its statements never come back.
 */
export class Life {
  isOver = false;
  private pointsLeft = Infinity;
  private static readonly storage = new AsyncLocalStorage<Life>();

  constructor(
    readonly department: string,
    private readonly onCrash: (life: Life, point: Point) => void,
  ) {}

  /** The life in which the caller runs; undefined for the simulation itself. */
  static get current(): Life | undefined {
    return Life.storage.getStore();
  }

  live<T>(work: () => T): T {
    return Life.storage.run(this, work);
  }

  /** It will die at the n-th point that it passes from now on. */
  dieAfter(points: number): void {
    this.pointsLeft = points;
  }

  get isDoomed(): boolean {
    return this.pointsLeft !== Infinity;
  }

  spare(): void {
    this.pointsLeft = Infinity;
  }

  /** Returns false if the process is dead, by now or since just now. */
  passes(point: Point): boolean {
    if (this.isOver) return false;
    this.pointsLeft -= 1;
    if (this.pointsLeft > 0) return true;
    this.isOver = true;
    this.onCrash(this, point);
    return false;
  }

  /** The same for work that can be rolled back. @throws Crashed */
  reach(point: Point): void {
    if (!this.passes(point)) throw new Crashed();
  }
}

/** The answer to a process that is dead. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
