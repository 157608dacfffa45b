import pg from 'pg';

/**
 * A connection of the pool that cannot end the process. Between the end of its making and the moment in which TypeORM
 * listens to it nobody does, and Node throws an `error` that nobody hears: a session that was terminated in that very
 * moment killed sales in a fault run. Nothing is hidden by it: the next statement fails as on any lost connection.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
