import { Writable } from 'node:stream';
import { QueryFailedError } from 'typeorm';
import { openLog } from './logs.js';

const CPF = '529.982.247-25';
const EMAIL = 'canary@example.com';

function written(write: (log: ReturnType<typeof openLog>) => void): string {
  const lines: string[] = [];
  const to = new Writable({ write: (chunk: Buffer, _, done) => (lines.push(String(chunk)), done()) });
  write(openLog('bakery', 'info', to));
  return lines.join('');
}

describe('the log', () => {
  it('holds no document or e-mail of a statement that failed', () => {
    const cause = Object.assign(new Error(`invalid input syntax for type uuid: "${CPF}"`), {
      code: '22P02',
      severity: 'ERROR',
      detail: `Failing row contains (${EMAIL}).`,
    });
    const line = written((log) =>
      log.error({ err: new QueryFailedError('select $1::uuid', [CPF, EMAIL], cause), method: 'POST' }, 'a 500'),
    );
    expect(line).toContain('a value does not fit (SQLSTATE 22P02)');
    for (const secret of [CPF, EMAIL, 'select $1']) expect(line).not.toContain(secret);
  });

  it('holds no field that is a person, whoever logs the object around it', () => {
    const line = written((log) =>
      log.info({ order: { customer: { document: CPF, email: EMAIL } }, document: CPF }, 'x'),
    );
    for (const secret of [CPF, EMAIL]) expect(line).not.toContain(secret);
  });
});
