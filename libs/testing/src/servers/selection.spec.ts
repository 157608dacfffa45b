import { needsServers } from './selection.js';

describe('servers are started for a test run', () => {
  const specs = [
    '/repo/services/stock/test/stock.int.spec.ts',
    '/repo/libs/money/src/money.spec.ts',
    '/repo/libs/infrastructure/src/infrastructure.int.spec.ts',
  ];
  const run = (patterns: string[], ignored = ['/node_modules/']) => {
    return needsServers({ rootDir: '/repo', patterns, ignored }, specs);
  };

  it('that runs everything', () => expect(run([])).toBe(true));
  it('that may include a spec with servers', () => {
    expect(run(['stock'])).toBe(true);
    expect(run(['./services/stock'])).toBe(true);
    expect(run(['int.spec'])).toBe(true);
    expect(run(['/repo/services/stock/test/stock.int.spec.ts'])).toBe(true);
  });
  it('but not for pure specs', () => {
    expect(run(['libs/money'])).toBe(false);
    expect(run([], ['/services/'])).toBe(false);
    expect(run(['infrastructure'])).toBe(false);
  });
});
