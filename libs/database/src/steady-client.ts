import pg from 'pg';
import { isOutdated } from './failures.js';

const SILENCE = 'Query read timeout';

/**
 * A connection of the pool that cannot end the process, and that is not used again once the server was silent on it, or
 * once it is outdated: a table has become another than the one that its statements were prepared for.
 *
 * Between the end of its making and the moment in which TypeORM listens to it nobody does, and Node throws an `error`
 * that nobody hears: a session that was terminated in that very moment killed sales in a fault run. Nothing is hidden by
 * it: the next statement fails as on any lost connection.
 *
 * A flow that was dropped without a word looks well to the pool, which would take it first again and again, until TCP
 * gives up a quarter of an hour later.
 */
export class SteadyClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
    const query = this.query.bind(this) as (...asked: unknown[]) => unknown;
    Object.assign(this, {
      query: (...asked: unknown[]) => {
        const answer = query(...asked);
        // At once, so that the pool does not take it back.
        if (answer instanceof Promise) answer.catch((error: Error) => void (isUseless(error) && this.end()));
        return answer;
      },
    });
  }
}

function isUseless(error: Error): boolean {
  return error.message === SILENCE || isOutdated(error);
}
