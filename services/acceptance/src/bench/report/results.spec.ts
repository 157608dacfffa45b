import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapAccounts } from '../machine/accounts.js';
import { benchOptions } from '../options.js';
import type { ContenderFigures } from '../phases/figures.js';
import { writeResults } from './results.js';

const figures: ContenderFigures[] = [
  {
    ...{ key: 'a', name: 'Retaguarda', backlogs: [], leftOut: ['a backlog of 9: it would take 11 minutes'] },
    memory: [{ atMs: 0, megabytes: { sales: 120 } }],
    saturation: [
      {
        ...{
          size: 2_000,
          orders: 1_990,
          seconds: 5,
          ordersPerSecond: 398,
          otherCores: 0.5,
          cpuTotal: 7,
          cpu: mapAccounts(() => 1),
        },
        ...{ cash: { p50: 2_500, p99: 4_900 }, progress: [[5, 1_990]] },
      },
    ],
  },
  { key: 'd', name: 'the floor', saturation: [], backlogs: [], memory: [], leftOut: [] },
];

describe('the results of the benchmark', () => {
  const folder = mkdtempSync(join(tmpdir(), 'retaguarda-bench-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const options = benchOptions(['--quick']);

  it('are written and told also when the run was ended in its second turn', () => {
    const told = writeResults(folder, { options, figures, endedBy: 'an interrupt' });
    const files = readdirSync(folder).sort();
    expect(files.map((name) => name.split('.').at(-1))).toEqual(['json', 'svg']);
    const written = JSON.parse(readFileSync(join(folder, files[0]!), 'utf8')) as Record<string, unknown>;
    expect(written).toMatchObject({ options: { orders: 3_000 }, endedBy: 'an interrupt', figures });
    expect(written['verdict']).toContainEqual({
      ...{ goal: 'resident memory, largest service', measured: '120 MB', figure: 120 },
      ...{ wanted: 'at most 250 MB', outcome: 'reached' },
    });
    for (const line of [
      /^\(a\) Retaguarda +398 +7\.00 +– +2\.50 +4\.90/m,
      /^\(d\) the floor +– +–/m,
      /^left out: \(a\) Retaguarda, a backlog of 9: it would take 11 minutes$/m,
      /^\(a\) Retaguarda, the most +120 +– /m,
      /^\(a\) ÷ \(d\), orders\/s +needs \(a\) and \(d\) .* not measured$/m,
      /^Not everything was measured; the run was ended by: an interrupt$/m,
    ])
      expect(told).toMatch(line);
    for (const name of files) expect(told).toContain(join(folder, name));
  });
});
