import { readFileSync } from 'node:fs';
import { readDefinitions } from './definitions.js';
import { formerBindings } from './queues.js';

const { exchanges, queues, bindings, policies } = readDefinitions();
const policyOf = (name: string, kind: 'queues' | 'exchanges' = 'queues') =>
  policies.filter((policy) => policy['apply-to'] === kind && new RegExp(policy.pattern).test(name));

describe('the definitions of a virtual host', () => {
  it.each(['sales', 'stock', 'fulfillment', 'invoicing', 'billing', 'control-room'])(
    'lead what %s cannot handle to its own dead-letter queue, and lose nothing on the way',
    (department) => {
      const [policy, ...others] = policyOf(`${department}.some-command`);
      expect(others).toEqual([]);
      expect(policy?.definition).toEqual({
        'dead-letter-exchange': 'retaguarda.dead',
        'dead-letter-routing-key': department,
        'dead-letter-strategy': 'at-least-once',
        overflow: 'reject-publish',
        'max-length': 1_000_000,
        'delivery-limit': 20,
      });
    },
  );

  it('have no binding that is taken away from brokers of earlier releases', () => {
    const file = new URL('../../../deploy/rabbitmq/queues.json', import.meta.url);
    const bound = (JSON.parse(readFileSync(file, 'utf8')) as { bindings: typeof formerBindings }).bindings;
    const named = ({ source, destination, routing_key: key }: (typeof bound)[number]) => [source, destination, key];
    for (const former of formerBindings) expect(bound.map(named)).not.toContainEqual(named(former));
  });

  it('never send a dead letter round again, however often reading it fails', () => {
    const applied = policyOf('stock.dead');
    expect(applied.map(({ name }) => name)).toEqual(['dead']);
    expect(applied[0]?.definition['dead-letter-exchange']).toBeUndefined();
    expect(applied[0]?.definition['delivery-limit']).toBeGreaterThan(1_000_000);
  });

  it("catch a storefront's message that nobody knows", () => {
    const [policy] = policyOf('storefront', 'exchanges');
    expect(policy?.definition['alternate-exchange']).toBe('storefront.unrecognised');
    expect(policyOf('storefront.unrecognised', 'exchanges')).toEqual([]);
  });

  it('keep the journal as a stream, behind an exchange that nothing else is bound to, for seven days', () => {
    const name = 'retaguarda.journal';
    expect(queues).toEqual([expect.objectContaining({ name, arguments: { 'x-queue-type': 'stream' } })]);
    expect(bindings).toEqual([expect.objectContaining({ source: name, destination: name, routing_key: '#' })]);
    expect(policyOf(name).map(({ definition }) => definition['max-age'])).toEqual(['7D']);
  });

  it('name only exchanges that they declare, all of them durable', () => {
    const names = exchanges.map(({ name }) => name);
    const used = policies.flatMap(({ definition }) => [
      definition['dead-letter-exchange'],
      definition['alternate-exchange'],
    ]);
    expect(names).toEqual(expect.arrayContaining(used.filter((name) => name !== undefined)));
    expect(exchanges.every(({ durable }) => durable)).toBe(true);
  });

  it('hold no users and no secrets', () => {
    const file = readFileSync(new URL('../../../deploy/rabbitmq/definitions.json', import.meta.url), 'utf8');
    expect(Object.keys(JSON.parse(file) as object).sort()).toEqual([
      'bindings',
      'exchanges',
      'policies',
      'queues',
      'vhosts',
    ]);
    expect(JSON.stringify({ exchanges, policies })).not.toContain('vhost');
  });
});
