import { plainToInstance } from 'class-transformer';
import { ValidateNested, validateSync } from 'class-validator';
import fc from 'fast-check';
import { mutationsOf } from '../test/mutations.js';
import { contracts, OrderPacked, OrderPlaced, OrderSubmitted, StockReserved, validate } from './index.js';
import { readerOf } from './reader.js';
import { Address } from './sales/address.js';
import { OrderLine } from './sales/order-line.js';
import { OrderSheet } from './sales/order-sheet.js';

const seed = 20260302;
const submitted = () => JSON.parse(JSON.stringify(OrderSubmitted.example)) as typeof OrderSubmitted.example;

function reasonsFor(data: unknown, target: new () => object = OrderSubmitted) {
  const verdict = validate(target, data);
  return 'reasons' in verdict ? verdict.reasons : [];
}

describe('reading an event from outside', () => {
  it.each(contracts.map((contract) => [contract.type, contract] as const))(
    'takes the example of %s whole',
    (_, contract) => {
      const verdict = validate(contract, JSON.parse(JSON.stringify(contract.example)));
      expect(verdict).toEqual({ event: contract.example });
    },
  );

  it('makes instances of the event and of all its parts', () => {
    const verdict = validate(StockReserved, JSON.parse(JSON.stringify(StockReserved.example)));
    if (!('event' in verdict)) throw new Error('refused');
    expect(verdict.event).toBeInstanceOf(StockReserved);
    expect(verdict.event.order).toBeInstanceOf(OrderSheet);
    expect(verdict.event.order.lines[1]).toBeInstanceOf(OrderLine);
    expect(verdict.event.order.delivery.address).toBeInstanceOf(Address);
  });

  it('leaves unknown fields out, at any depth', () => {
    const data = { ...submitted(), loyaltyPoints: 12 };
    Object.assign(data.lines[0]!, { colour: 'white' });
    expect(validate(OrderSubmitted, data)).toEqual({ event: OrderSubmitted.example });
  });

  it('fills in what a storefront may leave out', () => {
    const data = submitted() as Partial<ReturnType<typeof submitted>>;
    delete data.shippingFee;
    data.lines = [{ sku: 'C2', name: '', quantity: 1, unitPrice: 0 } as never];
    const verdict = validate(OrderSubmitted, data);
    expect(verdict).toMatchObject({ event: { shippingFee: 0, lines: [{ discount: 0, kind: 'goods' }] } });
  });

  it('takes null in an optional field for left out', () => {
    const data = { ...submitted(), notes: null, shippingFee: null };
    const verdict = validate(OrderSubmitted, data);
    expect(verdict).toMatchObject({ event: { shippingFee: 0 } });
    expect('event' in verdict && 'notes' in verdict.event).toBe(false);
  });

  it('says which field of which line is wrong', () => {
    const data = submitted();
    data.lines[2]!.quantity = 0;
    expect(reasonsFor(data)).toEqual([{ field: 'lines[2].quantity', problem: 'must not be less than 1' }]);
  });

  it('says what is missing', () => {
    const { channel: _, ...data } = submitted();
    delete (data.customer as { name?: string }).name;
    expect(reasonsFor(data)).toEqual([
      { field: 'channel', problem: 'is missing' },
      { field: 'customer.name', problem: 'is missing' },
    ]);
  });

  it.each([null, undefined, 7, 'text', true, [], [submitted()]])('refuses %p, which is no object', (data) => {
    expect(reasonsFor(data)).toEqual([{ field: '', problem: 'must be an object' }]);
  });

  it('never repeats a value of the data in a reason', () => {
    const data = {
      ...submitted(),
      currency: '529.982.247-25',
      'joana@example.com': JSON.parse('{"__proto__":1}') as unknown,
    };
    expect(JSON.stringify(reasonsFor(data))).not.toMatch(/529|joana/);
  });

  it('stops after 50 reasons', () => {
    const data = { ...submitted(), lines: Array.from({ length: 100 }, () => ({})) };
    expect(reasonsFor(data)).toHaveLength(50);
  });
});

describe('keys and sizes that are dangerous', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s in any object', (key) => {
    const poisoned = JSON.parse(`{"deep":[{"x":{"${key}":{"isAdmin":true}}}]}`) as object;
    expect(reasonsFor({ ...submitted(), ...poisoned })).toEqual([
      { field: `deep[0].x.${key}`, problem: 'is a forbidden key' },
    ]);
    expect(reasonsFor(JSON.parse(`{"${key}":1}`))).toEqual([{ field: key, problem: 'is a forbidden key' }]);
    const [line] = submitted().lines;
    const data = { ...submitted(), lines: [{ ...line, x: JSON.parse(`{"${key}":1}`) as object }] };
    expect(reasonsFor(data)).toEqual([{ field: `lines[0].x.${key}`, problem: 'is a forbidden key' }]);
  });

  it('refuses data that is nested too deep', () => {
    const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown;
    expect(reasonsFor({ ...submitted(), deep })).toEqual([
      { field: '', problem: expect.stringContaining('deep') as string },
    ]);
  });

  it('refuses data that has too many values', () => {
    const many = Array.from({ length: 200_000 }, () => 0);
    expect(reasonsFor({ ...submitted(), many })).toEqual([
      { field: '', problem: expect.stringContaining('values') as string },
    ]);
  });

  it('refuses too many values also where each list by itself is short enough and nothing else is wrong', () => {
    const [parcel] = OrderPacked.example.parcels;
    const lines = Array.from({ length: 300 }, () => parcel!.lines[0]);
    const data = { ...OrderPacked.example, parcels: Array.from({ length: 200 }, () => ({ ...parcel, lines })) };
    const reasons = reasonsFor(JSON.parse(JSON.stringify(data)), OrderPacked);
    expect(reasons).toEqual([{ field: '', problem: expect.stringContaining('values') as string }]);
  });

  it('refuses 10,000 lines without looking at each', () => {
    const data = { ...submitted(), lines: Array.from({ length: 10_000 }, () => ({})) };
    expect(reasonsFor(data)).toEqual([{ field: 'lines', problem: 'must not have more than 1000 entries' }]);
  });

  it('refuses a list within a list, which class-validator alone lets through', () => {
    expect(reasonsFor({ ...submitted(), lines: [[]] })).not.toEqual([]);
  });
});

describe('any input at all', () => {
  it('gets a verdict, never an exception', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    fc.assert(
      fc.property(fc.constantFrom(...contracts), fc.oneof(anything, fc.jsonValue()), (contract, data) => {
        expect(Object.keys(validate(contract, data))).toHaveLength(1);
      }),
      { seed, numRuns: 1_000 },
    );
  });

  it('gets a verdict even when reading it fails or never ends', () => {
    const hostile = new Proxy({}, { ownKeys: () => { throw new Error('no'); } }); // prettier-ignore
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    expect(reasonsFor(hostile)).toEqual([{ field: '', problem: 'cannot be read' }]);
    expect(reasonsFor(endless)).not.toEqual([]);
  });

  it('refuses a class that nests with @ValidateNested alone, which it would pass over in silence', () => {
    class Inner {}
    class Outer {
      @ValidateNested()
      inner!: Inner;
    }
    expect(() => validate(Outer, {})).toThrow('Outer.inner: say @Part or @Parts instead of @ValidateNested and @Type.');
  });

  it('gets the same verdict from the fast check, from class-validator and from class-transformer with class-validator', () => {
    const counts = { quicklyTaken: 0, taken: 0, refused: 0 };
    const cases = fc
      .constantFrom(...contracts)
      .chain((contract) => fc.tuple(fc.constant(contract), mutationsOf(contract.example)));
    fc.assert(
      fc.property(cases, ([contract, data]) => {
        const reader = readerOf(contract);
        const instance = reader.build(data);
        const isTaken = validateSync(instance).length === 0;
        const quick = reader.read(data, { isPlain: true, entries: 0 });
        if (quick) expect([quick, isTaken]).toStrictEqual([instance, true]);
        counts[quick ? 'quicklyTaken' : isTaken ? 'taken' : 'refused'] += 1;
        expect(validateSync(plainToInstance(contract, data)).length === 0).toBe(isTaken);
        expect('event' in validate(contract, data)).toBe(isTaken);
      }),
      { seed, numRuns: 2_000 },
    );
    expect(Math.min(counts.quicklyTaken, counts.refused)).toBeGreaterThan(200);
    expect(counts.taken).toBeLessThan(counts.quicklyTaken / 10);
  });

  it('keeps an order placed as it is when it is read a second time', () => {
    fc.assert(
      fc.property(mutationsOf(OrderPlaced.example), (data) => {
        const once = validate(OrderPlaced, data);
        if ('event' in once) expect(validate(OrderPlaced, JSON.parse(JSON.stringify(once.event)))).toEqual(once);
      }),
      { seed, numRuns: 500 },
    );
  });
});
