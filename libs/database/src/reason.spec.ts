import { QueryFailedError } from 'typeorm';
import { loggedError, reasonOf } from './reason.js';

const CPF = '529.982.247-25';
const EMAIL = 'canary@example.com';

const refused = (code: string, message: string) =>
  new QueryFailedError(
    'insert into customers values ($1, $2)',
    [CPF, EMAIL],
    Object.assign(new Error(message), {
      code,
      severity: 'ERROR',
      detail: `Failing row contains (${CPF}, ${EMAIL}).`,
      where: `unnamed portal parameter $1 = '${CPF}'`,
      constraint: 'customers_document',
    }),
  );

describe('what is kept of an error', () => {
  it.each([
    ['a value that is no UUID', refused('22P02', `invalid input syntax for type uuid: "${CPF}"`)],
    ['a value that is too long', refused('22001', `value too long: ${EMAIL}`)],
    ['a row that breaks a rule', refused('23505', 'duplicate key value violates unique constraint')],
  ])('holds no personal data of %s', (_what, error) => {
    const kept = JSON.stringify([reasonOf(error), loggedError(error)]);
    for (const secret of [CPF, EMAIL]) expect(kept).not.toContain(secret);
  });

  it('says what happened and where', () => {
    expect(reasonOf(refused('22P02', CPF))).toBe('QueryFailedError: a value does not fit (SQLSTATE 22P02)');
    expect(loggedError(refused('23505', 'duplicate key'))).toMatchObject({
      type: 'QueryFailedError',
      code: '23505',
      constraint: 'customers_document',
      message: 'duplicate key',
      stack: expect.stringContaining('reason.spec'),
    });
    expect(reasonOf('oops')).toBe('oops');
  });
});
