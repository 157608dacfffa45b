import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { databaseFailure } from './failures.js';

const sql = (code: string) => Object.assign(new Error('from the server'), { code, severity: 'ERROR' });
const socket = (code: string) => Object.assign(new Error('connect'), { code, syscall: 'connect' });

describe('what a failed statement says about the database', () => {
  it.each([
    ['a shutdown', sql('57P01')],
    ['a server that is starting', sql('57P03')],
    ['too many connections', sql('53300')],
    ['a full disk', sql('53100')],
    ['a lost connection', sql('08006')],
    ['a refused socket', socket('ECONNREFUSED')],
    ['a socket that was reset', socket('ECONNRESET')],
    ["pg's own words", new Error('Connection terminated unexpectedly')],
    ['a pool that waited in vain', new Error('timeout exceeded when trying to connect')],
    ['a pool whose connection timed out', new Error('Connection terminated due to connection timeout')],
    ['a connection that TypeORM took away', new QueryRunnerProviderAlreadyReleasedError()],
    ['a query runner that TypeORM took away', new QueryRunnerAlreadyReleasedError()],
    ["pg's own words in TypeORM's wrapping", new QueryFailedError('select', [], new Error('Connection terminated'))],
    ['a server that only reads', sql('25006')],
    ['a shutdown in the wrapping of TypeORM', new QueryFailedError('select', [], sql('57P01'))],
    ['several addresses that all refused', new AggregateError([socket('ECONNREFUSED')])],
  ])('waits after %s', (_what, error) => {
    expect(databaseFailure(error)).toBe('unavailable');
  });

  it.each([
    ['a deadlock', sql('40P01')],
    ['a serialization failure', sql('40001')],
    ['a prepared statement that is gone', sql('26000')],
    ["another's prepared statement of that name", sql('42P05')],
    ['a table that is another now', Object.assign(sql('0A000'), { routine: 'RevalidateCachedQuery' })],
  ])('tries again at once after %s', (_what, error) => {
    expect(databaseFailure(error)).toBe('conflict');
  });

  it('tries again later after a lock timeout', () => {
    expect(databaseFailure(sql('55P03'))).toBe('locked');
  });

  it.each([
    ['a violated constraint', sql('23514')],
    ['something that Postgres cannot do', Object.assign(sql('0A000'), { routine: 'transformStmt' })],
    ['a cancelled statement', sql('57014')],
    ['a statement with too many parameters', sql('08P01')],
    ["a handler's own door that timed out", new Error('provider answered: connection timeout')],
    ["a handler's error that speaks of a connection", new Error('Connection terminated by the carrier')],
    ['an error of the handler', new Error('the oven is cold')],
    ["a handler's own refused call", Object.assign(new Error('provider'), { code: 'ECONNREFUSED' })],
    ['something thrown that is no error', 'oops'],
  ])('blames the message for %s', (_what, error) => {
    expect(databaseFailure(error)).toBe('other');
  });
});
