import { OrderCancelled, OrderPlaced, OrderRejected, OrderSubmitted } from '@retaguarda/contracts';
import fc from 'fast-check';
import { Unprocessable } from '../process/handles.js';
import { envelopeOf, seal } from './envelope.js';
import type { RawMessage } from './open.js';
import { open } from './open.js';

const envelope = {
  specversion: '1.0',
  id: 'message 1',
  source: '/shop',
  type: OrderSubmitted.type,
  time: '2026-03-02T12:00:00Z',
  datacontenttype: 'application/json',
  data: OrderSubmitted.example,
};

function raw(body: unknown, change: Partial<RawMessage> = {}): RawMessage {
  return {
    exchange: 'storefront',
    routingKey: OrderSubmitted.type,
    contentType: 'application/cloudevents+json',
    messageId: 'message 1',
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ...change,
  };
}

const envelopeOfAnyData = {
  ...Object.fromEntries(Object.entries(envelope).map(([name, value]) => [name, fc.constant(value)])),
  data: fc.jsonValue(),
};

function headersOf(attributes: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`cloudEvents:${name}`, value]));
}

describe('opening a message', () => {
  it('gives the event and remembers its envelope', () => {
    const opened = open(raw(envelope), [OrderSubmitted]);
    if (!('event' in opened)) throw new Error('not opened');
    expect(opened.event).toBeInstanceOf(OrderSubmitted);
    expect(envelopeOf(opened.event)).toMatchObject({ id: 'message 1', source: '/shop' });
  });

  it('takes binary mode too, with either form of the attribute names', () => {
    for (const separator of [':', '_']) {
      const { data, datacontenttype, ...attributes } = envelope;
      const headers = Object.fromEntries(
        Object.entries(attributes).map(([name, v]) => [`cloudEvents${separator}${name}`, v]),
      );
      const opened = open(raw(data, { headers, contentType: datacontenttype }), [OrderSubmitted]);
      expect('event' in opened).toBe(true);
    }
  });

  it.each([5, null, { a: 1 }, 'a text'])(
    'takes an extension named `problem` (%j) for what it is, not for its own word',
    (problem) => {
      expect('event' in open(raw({ ...envelope, problem }), [OrderSubmitted])).toBe(true);
      const refused = open(raw({ ...envelope, problem, data: undefined }), [OrderSubmitted]);
      expect(refused).toMatchObject({ reasons: [{ field: 'data', problem: 'is missing' }] });
    },
  );

  it('never throws and names reasons in words, whatever fields a body has', () => {
    const names = [...Object.keys(envelope), 'problem', 'reasons', 'event', 'key', 'envelope', 'subject', '__proto__'];
    const bodies = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(envelope))),
    );
    fc.assert(
      fc.property(
        fc.oneof(bodies, fc.record({ ...envelopeOfAnyData, problem: fc.jsonValue() })),
        fc.boolean(),
        (body, isBinary) => {
          const opened = open(
            raw(body, isBinary ? { headers: headersOf(body), contentType: 'application/json' } : {}),
            [OrderSubmitted],
          );
          expect(typeof opened.key).toBe('string');
          if ('reasons' in opened)
            for (const { field, problem } of opened.reasons)
              expect([typeof field, typeof problem]).toEqual(['string', 'string']);
        },
      ),
      { seed: 20261128, numRuns: 1_000 },
    );
  });

  it('tells two storefronts apart that use the same message id', () => {
    const keys = ['/shop', '/other-shop'].map((source) => open(raw({ ...envelope, source }), [OrderSubmitted]).key);
    expect(new Set(keys).size).toBe(2);
  });

  it('tells them apart whatever characters source and id share between them', () => {
    const keys = [
      { source: '/shop#a', id: 'b' },
      { source: '/shop', id: 'a#b' },
    ].map((names) => open(raw({ ...envelope, ...names }), [OrderSubmitted]).key);
    expect(new Set(keys).size).toBe(2);
  });

  it.each([
    ['is no JSON', '{"specversion":', '', 'the body is not valid JSON'],
    ['is a list', '[]', '', 'the body is not a CloudEvents object'],
    ['is null', 'null', '', 'the body is not a CloudEvents object'],
    ['has another CloudEvents version', { ...envelope, specversion: '0.3' }, 'specversion', 'must be "1.0"'],
    ['has no id', { ...envelope, id: undefined }, 'id', 'must be a text of 1 to 200 printable characters'],
    ['has a number as source', { ...envelope, source: 7 }, 'source', 'must be a text of 1 to 200 printable characters'],
    ['has a NUL in its id', { ...envelope, id: 'a\u0000b' }, 'id', 'must be a text of 1 to 200 printable characters'],
    [
      'has half a surrogate pair in its id',
      { ...envelope, id: 'abc\uD800' },
      'id',
      'must be a text of 1 to 200 printable characters',
    ],
    ['has no data', { ...envelope, data: undefined }, 'data', 'is missing'],
    [
      'has a type nobody knows',
      { ...envelope, type: 'storefront.moon-landed.v1' },
      'type',
      expect.stringContaining('storefront.moon-landed.v1'),
    ],
    [
      'has a future version',
      { ...envelope, type: 'storefront.order-submitted.v9' },
      'type',
      expect.stringMatching(/v9.*v1/),
    ],
  ])('names what is wrong when it %s', (_what, body, field, problem) => {
    expect(open(raw(body), [OrderSubmitted])).toMatchObject({ reasons: expect.arrayContaining([{ field, problem }]) });
  });

  it('refuses a type that differs from the routing key: it would arrive at the wrong step', () => {
    const opened = open(raw({ ...envelope, type: OrderPlaced.type }), [OrderSubmitted, OrderPlaced]);
    expect(opened).toMatchObject({
      reasons: [{ field: 'type', problem: 'differs from the routing key of the message' }],
    });
  });

  it('refuses a body of more than a megabyte without reading it', () => {
    const opened = open(raw({ ...envelope, padding: 'x'.repeat(1_000_001) }), [OrderSubmitted]);
    expect(opened).toMatchObject({
      reasons: [{ field: '', problem: expect.stringContaining('the limit is 1000000') }],
    });
  });

  it('names each wrong field of the data', () => {
    const data = {
      ...OrderSubmitted.example,
      currency: 'XXQ',
      lines: [{ ...OrderSubmitted.example.lines[0], quantity: -1 }],
    };
    const opened = open(raw({ ...envelope, data }), [OrderSubmitted]);
    const fields = 'reasons' in opened ? opened.reasons.map(({ field }) => field) : [];
    expect(fields).toEqual(expect.arrayContaining(['data.currency', 'data.lines[0].quantity']));
  });
});

describe('sealing the events that follow', () => {
  it('refuses an event that nobody could read for its size', () => {
    const notes = 'x'.repeat(1_000_000);
    expect(() => seal(emitter, [OrderPlaced.of({ ...OrderPlaced.example, notes })], [])).toThrow(Unprocessable);
  });

  it('gives orders of two storefronts that use the same message id different ids', () => {
    const ids = ['/shop', '/other-shop'].map((source) => {
      const opened = open(raw({ ...envelope, source }), [OrderSubmitted]);
      const cause = 'event' in opened ? opened.event : {};
      return seal(emitter, [OrderPlaced.of(OrderPlaced.example)], [cause])[0]!.id;
    });
    expect(new Set(ids).size).toBe(2);
  });

  const emitter = { department: 'sales', step: 'sales.place-order', origin: 'a', now: new Date(0) };

  it('names the cause by the order and makes the same ids again, also when many orders were handled together', () => {
    const [one, two] = ['a', 'b'].map((id) => {
      const opened = open(raw({ ...envelope, id, data: { ...OrderSubmitted.example, externalId: id } }), [
        OrderSubmitted,
      ]);
      return 'event' in opened ? opened.event : {};
    });
    const placed = (externalId: string) =>
      OrderPlaced.of({ ...OrderPlaced.example, channel: OrderSubmitted.example.channel, externalId });
    const sealed = seal(emitter, [placed('b'), placed('a'), placed('c')], [one!, two!]);
    expect(seal(emitter, [placed('b'), placed('a'), placed('c')], [one!, two!])).toEqual(sealed);
    expect(new Set(sealed.map(({ id }) => id)).size).toBe(3);
    const causes = sealed.map(({ body }) => (JSON.parse(body.toString()) as { causationid?: string }).causationid);
    expect(causes).toEqual(['b', 'a', undefined]);
  });

  it('gives what follows from nothing received an id by what it says, in whatever order and company it is told', () => {
    const placed = (externalId: string) => OrderPlaced.of({ ...OrderPlaced.example, externalId });
    const idsOf = (...externalIds: string[]) => seal(emitter, externalIds.map(placed), []).map(({ id }) => id);
    const [a, b, c] = idsOf('a', 'b', 'c');
    expect(idsOf('c', 'a')).toEqual([c, a]);
    expect(idsOf('b')).toEqual([b]);
    expect(seal({ ...emitter, origin: 'b' }, [placed('b')], [])[0]!.id).not.toBe(b);
    const [cancelled, rejected] = [OrderCancelled, OrderRejected].map(({ prototype }) =>
      Object.assign(Object.create(prototype) as object, { orderId: 'a' }),
    );
    const idIn = (told: object[], event: object) => seal(emitter, told, [])[told.indexOf(event)]!.id;
    expect(idIn([cancelled!, rejected!], rejected!)).toBe(idIn([rejected!, cancelled!], rejected!));
    const twice = idsOf('a', 'a');
    expect(twice[0]).toBe(a);
    expect(twice[1]).not.toBe(a);
  });
});
