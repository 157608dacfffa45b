import { execFileSync } from 'node:child_process';

describe('a program', () => {
  it('sets a flag of V8 that this Node has: an unknown one would be passed over in silence', () => {
    expect(execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })).toContain('--heap-growing-percent');
  });
});
