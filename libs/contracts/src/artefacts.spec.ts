import { Parser } from '@asyncapi/parser';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, readSchemas, schemas, write } from './artefacts.js';
import { contracts } from './registry.js';

const home = fileURLToPath(new URL('..', import.meta.url));

describe('the generated files', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'contracts-'));
    for (const folder of ['package.json', 'generated', 'test/golden']) {
      cpSync(join(home, folder), join(root, folder), { recursive: true });
    }
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const inRoot = (file: string) => join(root, file);

  it('are committed as the contracts say today', () => {
    expect(check(home)).toEqual({ isFine: true, report: [] });
  });

  it.each(['generated/asyncapi.json', 'generated/EVENTS.md', 'generated/schemas/sales.order-placed.v1.json'])(
    'are named when they drift: %s',
    (file) => {
      writeFileSync(inRoot(file), '{}');
      expect(check(root)).toEqual({ isFine: false, report: [`${file} is not what the contracts say today`] });
    },
  );

  it('are named when they have no contract any more', () => {
    writeFileSync(inRoot('generated/schemas/sales.order-framed.v1.json'), '{}');
    expect(check(root).report).toEqual(['generated/schemas/sales.order-framed.v1.json has no contract any more']);
  });

  it('are all written where there are none', () => {
    for (const folder of ['generated', 'test']) rmSync(inRoot(folder), { recursive: true });
    expect(check(root).isFine).toBe(false);
    expect(write(root).isFine).toBe(true);
    expect(check(root)).toEqual({ isFine: true, report: [] });
    expect(readSchemas(root)).toEqual(JSON.parse(JSON.stringify(schemas())));
  });

  it('are left alone when the contracts break a version that is out', () => {
    const { 'sales.order-placed.v1': _, ...fresh } = schemas();
    const before = readFileSync(inRoot('generated/asyncapi.json'), 'utf8');
    const outcome = write(root, fresh);
    expect(outcome.isFine).toBe(false);
    expect(outcome.report.join()).toMatch(/sales.order-placed.v1: the event was removed[^]*make a \.v2/);
    expect(readFileSync(inRoot('generated/asyncapi.json'), 'utf8')).toBe(before);
  });

  it('never touch a golden fixture that is there', () => {
    const golden = inRoot('test/golden/sales.order-placed.v1.json');
    writeFileSync(golden, '{"from":"long ago"}');
    write(root);
    expect(readFileSync(golden, 'utf8')).toBe('{"from":"long ago"}');
  });
});

describe('the AsyncAPI document', () => {
  it('is valid and has a channel, a message and an operation for every event', async () => {
    const text = readFileSync(join(home, 'generated/asyncapi.json'), 'utf8');
    const { document, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.filter(({ severity }) => severity <= 1)).toEqual([]);
    expect(document?.channels().all()).toHaveLength(contracts.length);
    expect(document?.messages().all()).toHaveLength(contracts.length);
    expect(document?.operations().all()).toHaveLength(contracts.length);
  });
});
