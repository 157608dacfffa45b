import type pg from 'pg';
import { StatementNames } from './statement-names.js';
import { SteadyClient } from './steady-client.js';

/** A connection that keeps its statements parsed: `StatementNames`. */
export class KeepingClient extends SteadyClient {
  constructor(config?: pg.ClientConfig) {
    super(config);
    const names = new StatementNames();
    const query = this.query.bind(this) as (...asked: unknown[]) => unknown;
    Object.assign(this, { query: (...asked: unknown[]) => query(...names.named(asked)) });
  }
}
