import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { Crashed, Life, never } from './life.js';

type Query = (sql: string, parameters?: unknown[], runner?: QueryRunner) => Promise<unknown>;
type Work = (manager: EntityManager) => Promise<unknown>;

/** What a test plants into the statements of transactions, in place of the real answer. */
export type Intercept = (sql: string, parameters: unknown[], run: () => Promise<unknown>) => Promise<unknown>;

export interface Surroundings {
  readonly began: () => void;
  readonly ended: () => void;
}

/**
 * A department's data source on a real Postgres, in which a process can die between any two statements. One transaction
 * or statement at a time, so that its order does not depend on the speed of the database.
 */
export class WatchedSource {
  /** How often each step had each message in a transaction that was committed. */
  readonly applied = new Map<string, number>();
  /** How often it was used: when this stands still, so does what is in it. */
  uses = 0;
  intercept: Intercept | undefined;
  private applying: string[] = [];
  private line: Promise<void> = Promise.resolve();
  private readonly query: Query;
  private readonly transaction: (work: Work) => Promise<unknown>;

  constructor(
    readonly source: DataSource,
    private readonly around: Surroundings,
  ) {
    this.query = source.query.bind(source) as Query;
    this.transaction = source.transaction.bind(source);
    Object.assign(source, {
      query: (sql: string, parameters: unknown[] = [], runner?: QueryRunner) =>
        runner ? this.within(sql, parameters, runner) : this.inTurn((life) => this.alone(life, sql, parameters)),
      transaction: (work: Work) => this.inTurn((life) => this.commit(life, work)),
    });
  }

  /** A step has handled a message in the open transaction. */
  noteApplied(effect: string): void {
    this.applying.push(effect);
  }

  /** A system beside the department's process, such as a provider: it does not die with it. */
  async outside(sql: string, parameters: unknown[] = []): Promise<unknown> {
    const release = await this.nextInLine();
    this.around.began();
    this.uses += 1;
    try {
      return await this.query(sql, parameters);
    } finally {
      this.around.ended();
      release();
    }
  }

  private within(sql: string, parameters: unknown[], runner: QueryRunner): Promise<unknown> {
    const run = () => this.query(sql, parameters, runner);
    return this.intercept ? this.intercept(sql, parameters, run) : run();
  }

  private async alone(life: Life, sql: string, parameters: unknown[]): Promise<unknown> {
    life.reach('before a statement');
    const result = await this.query(sql, parameters);
    life.reach('after a statement');
    return result;
  }

  private async commit(life: Life, work: Work): Promise<unknown> {
    life.reach('before a transaction');
    this.applying = [];
    const result = await this.transaction(async (manager) => {
      const done = await work(manager);
      life.reach('before commit');
      return done;
    });
    for (const effect of this.applying) this.applied.set(effect, (this.applied.get(effect) ?? 0) + 1);
    life.reach('after commit');
    return result;
  }

  private async inTurn(work: (life: Life) => Promise<unknown>): Promise<unknown> {
    const life = Life.current;
    if (!life) throw new Error('Only a department in its life uses its data source.');
    const release = await this.nextInLine();
    const outcome = await this.atWork(life, work).finally(release);
    return outcome === DEAD ? never() : outcome;
  }

  /** Waits for whoever came before; what it resolves to lets the next one go on. */
  private async nextInLine(): Promise<() => void> {
    const before = this.line;
    let release = () => {};
    this.line = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }

  private async atWork(life: Life, work: (life: Life) => Promise<unknown>): Promise<unknown> {
    if (life.isOver) return DEAD;
    this.around.began();
    this.uses += 1;
    try {
      return await work(life);
    } catch (error) {
      if (error instanceof Crashed || life.isOver) return DEAD;
      throw error;
    } finally {
      this.around.ended();
    }
  }
}

const DEAD = Symbol('dead');
