import { readdirSync, readFileSync } from 'node:fs';
import { contractOf, contracts, validate } from '../src/index.js';

const folder = new URL('golden/', import.meta.url);
const files = readdirSync(folder);

describe('every event version that was ever published', () => {
  it.each(files)('still decodes, with nothing left out: %s', (file) => {
    const contract = contractOf(file.slice(0, -'.json'.length));
    if (!contract) throw new Error(`No contract for ${file}: a version that was published is never removed`);
    const data = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as object;
    expect(validate(contract, data)).toMatchObject({ event: data });
  });

  it('has a golden fixture', () => {
    expect(files.sort()).toEqual(contracts.map(({ type }) => `${type}.json`).sort());
  });
});
