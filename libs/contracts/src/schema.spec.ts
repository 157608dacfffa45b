import { Ajv } from 'ajv';
import { ValidateBy } from 'class-validator';
import fc from 'fast-check';
import { mutationsOf } from '../test/mutations.js';
import { schemas } from './artefacts.js';
import { contracts, OrderSubmitted, schemaOf, validate } from './index.js';

const ajv = new Ajv({
  validateFormats: false,
  allErrors: true,
  strict: true,
  strictRequired: false,
  keywords: ['x-rules'],
});
const isValid = new Map(Object.entries(schemas()).map(([type, schema]) => [type, ajv.compile(schema)]));
const seed = 20260302;
const cases = fc
  .constantFrom(...contracts)
  .chain((contract) => fc.tuple(fc.constant(contract), mutationsOf(contract.example)));

/** The problems that a schema leaves to its formats and its `x-rules`. */
const beyondSchema = /characters|currency|country|quantity × unitPrice|minor units|ISO 8601|e-mail|UUID/;

describe('the JSON Schema of a contract', () => {
  it.each(contracts.map((contract) => [contract.type, contract] as const))(
    'takes the example of %s',
    (type, contract) => {
      const check = isValid.get(type)!;
      check(contract.example);
      expect(check.errors ?? []).toEqual([]);
    },
  );

  it.each([
    ['quantity', 1_000_000],
    ['unitPrice', 1e12],
  ])('has the same upper bound of %s as the contract', (field, bound) => {
    const line = { sku: 'C2', name: '', quantity: 1, unitPrice: 1 };
    for (const [value, isTaken] of [
      [bound, true],
      [bound + 1, false],
    ] as const) {
      const data = { ...OrderSubmitted.example, lines: [{ ...line, [field]: value }] };
      expect('event' in validate(OrderSubmitted, data)).toBe(isTaken);
      expect(isValid.get(OrderSubmitted.type)!(data)).toBe(isTaken);
    }
  });

  it('takes every event that the contract takes', () => {
    fc.assert(
      fc.property(cases, ([contract, data]) => {
        const verdict = validate(contract, data);
        if ('event' in verdict)
          expect(isValid.get(contract.type)!(JSON.parse(JSON.stringify(verdict.event)))).toBe(true);
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('refuses what the contract refuses, but for formats and for rules that it only names', () => {
    const agreed = { count: 0 };
    fc.assert(
      fc.property(cases, ([contract, data]) => {
        const verdict = validate(contract, data);
        if ('event' in verdict) return;
        const isTakenBySchema = isValid.get(contract.type)!(JSON.parse(JSON.stringify(data)));
        if (!isTakenBySchema) agreed.count += 1;
        else for (const { problem } of verdict.reasons) expect(problem).toMatch(beyondSchema);
      }),
      { seed, numRuns: 1_000 },
    );
    expect(agreed.count).toBeGreaterThan(200);
  });

  it('cannot be made of a rule whose meaning nobody wrote down', () => {
    class Riddle {
      @ValidateBy({ name: 'rhymes', validator: { validate: () => true } })
      verse!: string;
    }
    expect(() => schemaOf(Riddle)).toThrow('rhymes');
  });
});
