import { readdirSync, readFileSync } from 'node:fs';
import { contractOf, contracts, explainType, isForStorefronts, OrderPlaced, ownerOf, schemaOf } from './index.js';
import * as everything from './index.js';

const files = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' });
const versions = files.filter((file) => /\.v\d+\.ts$/.test(file));

describe('the registry of contracts', () => {
  it.each(versions)('knows %s under the type that its place in the tree tells', (file) => {
    const type = file.slice(0, -'.ts'.length).replace('/', '.');
    const contract = contractOf(type);
    expect(contract?.type).toBe(type);
    expect(Object.values(everything)).toContain(contract);
  });

  it('knows nothing else', () => {
    expect(contracts).toHaveLength(versions.length);
    expect(new Set(contracts.map(({ type }) => type)).size).toBe(versions.length);
  });

  it('names the subject of each event among its fields', () => {
    for (const { example, about } of contracts) expect(example).toHaveProperty(about.subject ?? 'orderId');
  });

  it('lets storefronts hear only what says nothing of a customer, because each hears it of all channels', () => {
    const open = contracts.filter(isForStorefronts);
    expect(open.map(({ type }) => type)).toContain('sales.order-completed.v1');
    for (const contract of open)
      expect(JSON.stringify(schemaOf(contract))).not.toMatch(/"(customer|document|email|phone|address|delivery)"/);
  });

  it('declares each event of a department in that department', () => {
    expect(ownerOf(OrderPlaced)).toBe('sales');
    for (const contract of contracts) {
      const file = versions.find((version) => version.replace('/', '.') === `${contract.type}.ts`)!;
      const source = readFileSync(new URL(file, import.meta.url), 'utf8');
      expect(source).toContain(`class ${contract.name} extends Event(`);
    }
  });

  it('tells a version of tomorrow from an event that it never heard of', () => {
    expect(explainType('sales.order-placed.v1')).toBe('sales.order-placed.v1 is known');
    expect(explainType('sales.order-placed.v7')).toBe(
      'sales.order-placed.v7 is a version that this release does not know; it knows v1',
    );
    expect(explainType('sales.order-framed.v1')).toBe('sales.order-framed.v1 is an unknown event');
  });

  it.each([
    '',
    'order',
    'sales.order-placed.v0',
    'sales.order-placed.v1 ',
    'joana@example.com',
    `a.${'b'.repeat(99)}.v1`,
  ])('does not repeat %p, which is no type', (type) => {
    expect(explainType(type)).toBe('is not an event type, which looks like sales.order-placed.v1');
  });
});
