import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastWords, plain } from './last-words.js';

describe('the last words of a service', () => {
  const directory = mkdtempSync(join(tmpdir(), 'last-words-'));
  const file = join(directory, 'sales.log');
  afterAll(() => rmSync(directory, { recursive: true }));

  it('are read from its log without JSON', () => {
    const line = {
      level: 'error',
      time: '2026-11-24T11:02:33.123Z',
      msg: 'cannot connect',
      err: { message: 'refused' },
    };
    expect(plain(JSON.stringify(line))).toBe('11:02:33 error cannot connect: refused');
  });

  it('hold no stack frames', () => {
    const stack = [
      'node:internal/x:1',
      '    throw new Error()',
      '    ^',
      'Error: no such table',
      '    at run (a.js:1)',
      '}',
    ];
    writeFileSync(file, [...stack, 'Node.js v20.20.2', ''].join('\n'));
    expect(lastWords(file)).toEqual(['Error: no such table']);
  });

  it('are the end of a long log', () => {
    writeFileSync(file, Array.from({ length: 9_000 }, (_, index) => `line ${index}`).join('\n'));
    expect(lastWords(file, 2)).toEqual(['line 8998', 'line 8999']);
  });

  it('are none when there is no log', () => {
    expect(lastWords(join(directory, 'absent.log'))).toEqual([]);
  });
});
