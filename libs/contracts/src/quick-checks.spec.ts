import fc from 'fast-check';
import { contracts } from './index.js';
import { quickCheckOf } from './quick-checks.js';
import type { PartClass } from './rules.js';
import { partsOf } from './schema.js';
import { fieldsOf } from './shape.js';
import type { FieldRule } from './shape.js';

const classes: PartClass[] = [...new Set(contracts.flatMap((contract) => [contract, ...partsOf(contract)]))];
const rules = classes
  .flatMap((target) => fieldsOf(target).flatMap(({ rules }) => rules))
  .filter(({ name, constraints }) => quickCheckOf(name, constraints));
const byName = new Map(rules.map((rule) => [`${rule.name} ${String(rule.constraints)}`, rule]));

const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.uuid(),
  fc.emailAddress({ size: 'large' }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.integer(),
  fc.double(),
  fc.array(fc.anything(), { maxLength: 60 }),
  fc.anything(),
  ...rules.filter(({ name }) => name === 'isIn').map(({ constraints }) => fc.constantFrom(...(constraints[0] as []))),
);

const plainTexts = [
  '019dcc3c-89ab-7000-8000-0123456789ab',
  '2026-03-02T10:15:30-03:00',
  '2026-12-28T23:59:59Z',
  'joana.exemplo@loja-demo.example.com',
  'Lanterna de metal',
  '85123A',
  'BRL',
];

const puts = ['', 'a', 'A', '0', '9', '.', '@', '-', ' ', '\n', '\u0000', '\ud800'];

/** Every way to put a character, or none, into a plain text or in place of one of its characters. */
const nearlyPlain = plainTexts.flatMap((plain) =>
  Array.from({ length: plain.length + 1 }, (_, at) => at).flatMap((at) =>
    puts.flatMap((put) => [0, 1].map((over) => plain.slice(0, at) + put + plain.slice(at + over))),
  ),
);

const isMet = ({ isMet, constraints }: FieldRule, value: unknown) =>
  isMet(value, { targetName: '', property: '', object: {}, value, constraints });

describe('quick checks', () => {
  it.each([...byName.entries()])('say yes only where the rule does: %s', (_, rule) => {
    const isSurelyMet = quickCheckOf(rule.name, rule.constraints)!;
    const saysNoMore = (value: unknown) => expect(!isSurelyMet(value) || isMet(rule, value)).toBe(true);
    fc.assert(fc.property(values, saysNoMore), { seed: 20260302, numRuns: 100 });
  });

  it.each([...byName.entries()])('say yes to nothing that is only nearly plain: %s', (_, rule) => {
    const isSurelyMet = quickCheckOf(rule.name, rule.constraints)!;
    expect(nearlyPlain.filter((value) => isSurelyMet(value) && !isMet(rule, value))).toEqual([]);
  });

  it.each([
    ['isUuid', [], '019dcc3c-89ab-7000-8000-0123456789ab'],
    ['code', [60], '85123A'],
    ['text', [200], 'Suporte de vela em coração'],
    ['instant', [], '2026-03-02T10:15:30-03:00'],
    ['isEmail', [], 'joana.exemplo@loja-demo.example.com'],
    ['matches', [/^[A-Z]{3}$/], 'BRL'],
    ['isInt', [], 6],
    ['min', [0], 0],
    ['max', [9], 9],
    ['isIn', [['goods', 'service']], 'service'],
    ['isArray', [], []],
    ['arrayMinSize', [1], [1]],
    ['arrayMaxSize', [1], [1]],
    ['object', [], {}],
  ])('of %s says yes to what is plain', (name, constraints, value) => {
    expect(quickCheckOf(name, constraints as unknown[])!(value)).toBe(true);
  });

  it('does not ask a pattern that remembers where it stood', () => {
    expect(quickCheckOf('matches', [/a/g])!('a')).toBe(false);
  });

  it.each(['totalOfLines', 'isISO4217CurrencyCode', 'constructor'])('there is none of %s', (name) => {
    expect(quickCheckOf(name, [])).toBeUndefined();
  });
});
