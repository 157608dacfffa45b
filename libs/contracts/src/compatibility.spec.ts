import { schemas } from './artefacts.js';
import { breaksOf, explainBreaks } from './compatibility.js';
import type { Schemas } from './compatibility.js';
import type { JsonSchema } from './schema.js';

const placed = 'sales.order-placed.v1';
const submitted = 'storefront.order-submitted.v1';

/** The schemas of today after one change to the schema of one event. */
function changed(type: string, change: (schema: DeepSchema) => void): Schemas {
  const copy = structuredClone(schemas()) as Record<string, DeepSchema>;
  change(copy[type]!);
  return copy;
}

/** A schema in which everything is there and may be changed: the tests know what they touch. */
interface DeepSchema extends Omit<JsonSchema, 'properties' | 'definitions' | 'required' | 'allOf'> {
  properties: Record<string, DeepSchema>;
  definitions: Record<string, DeepSchema>;
  required: string[];
  allOf?: object[];
}

const without = (list: readonly string[], gone: string) => list.filter((entry) => entry !== gone);

describe('changes within a version', () => {
  it('may be none', () => {
    expect(breaksOf(schemas(), schemas())).toEqual([]);
  });

  it.each<[string, string, (schema: DeepSchema) => void]>([
    ['an optional field more', placed, (s) => void (s.properties.giftCard = { type: 'string' } as DeepSchema)],
    ['a looser bound', placed, (s) => void (s.definitions.OrderLine!.properties.quantity!.maximum = 2_000_000)],
    [
      'a word more',
      placed,
      (s) => void (s.definitions.Payment!.properties.method!.enum = ['pix', 'boleto', 'card', 'other', 'cash']),
    ],
    ['another description', placed, (s) => void (s.description = 'Sales took an order.')],
    [
      'a field that storefronts may leave out from now on',
      submitted,
      (s) => void (s.required = without(s.required, 'payment')),
    ],
  ])('may be %s', (_, type, change) => {
    expect(breaksOf(schemas(), changed(type, change))).toEqual([]);
  });

  it('may be a new event', () => {
    const { [placed]: _, ...before } = schemas();
    expect(breaksOf(before, schemas())).toEqual([]);
  });

  it.each<[string, string, (schema: DeepSchema) => void, string, RegExp]>([
    ['a removed field', placed, (s) => delete s.properties.notes, 'notes', /removed/],
    [
      'a removed field of a part',
      placed,
      (s) => delete s.definitions.OrderLine!.properties.kind,
      'lines[].kind',
      /removed/,
    ],
    ['a field that is newly required', placed, (s) => s.required.push('notes'), 'notes', /newly required/],
    ['a new field that is required', placed, (s) => s.required.push('taxRegime'), 'taxRegime', /newly required/],
    [
      'a field newly required on a condition',
      placed,
      (s) => {
        s.definitions.Delivery!.allOf = [
          { if: { properties: { method: { const: 'pickup' } } }, then: { required: ['address'] } },
        ];
      },
      'delivery.address',
      /newly required when method is pickup/,
    ],
    [
      'a field that readers can no longer count on',
      placed,
      (s) => void (s.required = without(s.required, 'total')),
      'total',
      /no longer/,
    ],
    ['another type', placed, (s) => void (s.properties.total!.type = 'string'), 'total', /type changed/],
    [
      'a list in place of one',
      placed,
      (s) => void (s.properties.customer = { type: 'array' } as DeepSchema),
      'customer',
      /type/,
    ],
    [
      'a lower maximum',
      placed,
      (s) => void (s.definitions.OrderLine!.properties.quantity!.maximum = 999),
      'lines[].quantity',
      /maximum/,
    ],
    ['a higher minimum', placed, (s) => void (s.properties.total!.minimum = 1), 'total', /minimum/],
    ['a shorter text', placed, (s) => void (s.properties.notes!.maxLength = 100), 'notes', /maxLength/],
    ['fewer lines', placed, (s) => void (s.properties.lines!.maxItems = 20), 'lines', /maxItems/],
    ['a first bound', placed, (s) => void (s.properties.placedAt!.maxLength = 20), 'placedAt', /maxLength/],
    [
      'a word less',
      placed,
      (s) => void (s.definitions.Payment!.properties.method!.enum = ['pix', 'card', 'other']),
      'payment.method',
      /boleto/,
    ],
    ['a first enum', placed, (s) => void (s.properties.currency!.enum = ['BRL']), 'currency', /enum/],
    ['another pattern', placed, (s) => void (s.properties.channel!.pattern = '^loja-'), 'channel', /pattern/],
    ['a first format', placed, (s) => void (s.properties.notes!.format = 'uri'), 'notes', /format/],
    [
      'a new rule beyond JSON Schema',
      placed,
      (s) => void (s.properties.total!['x-rules'] = ['even']),
      'total',
      /new rule: even/,
    ],
    [
      'another default',
      submitted,
      (s) => void (s.definitions.SubmittedLine!.properties.kind!.default = 'service'),
      'lines[].kind',
      /default/,
    ],
  ])('may not be %s', (_, type, change, field, problem) => {
    const breaks = breaksOf(schemas(), changed(type, change));
    expect(breaks).toEqual([{ type, field, problem: expect.stringMatching(problem) as string }]);
  });

  it('may not be an event that is gone', () => {
    const { [placed]: _, ...after } = schemas();
    expect(breaksOf(schemas(), after)).toEqual([{ type: placed, field: '', problem: 'the event was removed' }]);
  });

  it('are refused with the way out', () => {
    const text = explainBreaks([{ type: placed, field: 'notes', problem: 'the field was removed' }]);
    expect(text).toContain(`${placed} notes: the field was removed`);
    expect(text).toContain('make a .v2');
  });
});
