import type { EntityManager } from 'typeorm';
import { idFrom } from './id-from.js';

/**
 * One open transaction, handed to a handler. The handler reads and writes through it and never begins or commits.
 * `now` is the time of the transaction: handlers do not read the clock themselves, nor chance: what is done again after
 * a recovery must come out the same.
 */
export class Tx {
  private ids = 0;

  constructor(
    readonly manager: EntityManager,
    readonly now: Date,
  ) {}

  /**
   * A UUIDv7 that follows from what it stands for, such as `('invoice', orderId)`, and from `now`. In the order in which
   * they are asked for, ids of one transaction are ascending.
   */
  idFrom(...names: readonly string[]): string {
    return idFrom(this.now, this.ids++, ...names);
  }

  /** Runs one SQL statement with `$1` parameters and returns its rows (for a write: those of its `returning`). */
  async query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const result: unknown = await this.manager.query(sql, parameters);
    return rowsOf(result) as Row[];
  }

  /** Saves one entity or several, as TypeORM's `EntityManager.save`. */
  save<Entity extends object>(entity: Entity): Promise<Entity>;
  save<Entity extends object>(entities: Entity[]): Promise<Entity[]>;
  save<Entity extends object>(entities: Entity | Entity[]): Promise<Entity | Entity[]> {
    return this.manager.save(entities as Entity[]);
  }
}

/** TypeORM answers `[rows, affected]` to an update or delete and plain rows to everything else. */
function rowsOf(result: unknown): unknown[] {
  if (!Array.isArray(result)) return [];
  const isRowsAndCount = result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
  return isRowsAndCount ? (result[0] as unknown[]) : result;
}
