import { departments } from '../../company/programs.js';
import { POISON_SOURCE } from '../amqp/observer.js';
import type { Fault, Scene } from '../fault.js';

const PARKED_WITHIN_MS = 30_000;
const TOO_LARGE_BYTES = 1_200_000;

export const poison: Fault = {
  id: 'F10',
  title: 'poison',
  does: 'broken JSON, no event, unknown and future types, wrong fields, an extension of any name, 1.2 MB: to every step, or from a storefront. All of it must be parked, and nothing else stand still',
  heals: 'nothing is to be healed: parked messages wait for a person',
  turns: ['storefront', 'departments'],
  red: () => 'none',
  async strike(scene, turn) {
    const { topology } = scene;
    const keys = [...topology.takers].filter(([type]) => type.startsWith('storefront.') === (turn === 'storefront'));
    const exchange = turn === 'storefront' ? 'storefront' : 'retaguarda';
    let expected = 0;
    for (const [key, takers] of keys)
      for (const body of bodies(key)) {
        await scene.publishing.publish(exchange, key, body, { contentType: 'application/cloudevents+json' });
        expected += takers.length;
      }
    await untilParked(scene, expected);
    return () => Promise.resolve();
  },
};

/** Each body differs from every other: the same one twice would be parked once. */
function bodies(type: string): Buffer[] {
  const event = { specversion: '1.0', source: POISON_SOURCE, type, datacontenttype: 'application/json' };
  const texts = [
    `{"broken": "${type}"`,
    JSON.stringify([type]),
    JSON.stringify({ ...event, id: `nothing-${type}` }),
    JSON.stringify({ ...event, id: `fields-${type}`, data: { orderId: 'no id', lines: -1 } }),
    JSON.stringify({ ...event, id: `future-${type}`, type: type.replace(/v1$/, 'v99'), data: {} }),
    JSON.stringify({ ...event, id: `unknown-${type}`, type: 'garden.hose-rolled-up.v1', data: {} }),
    JSON.stringify({ ...event, id: `problem-${type}`, problem: 5, data: {} }),
    JSON.stringify({ ...event, id: `large-${type}`, data: { notes: 'x'.repeat(TOO_LARGE_BYTES) } }),
  ];
  return texts.map((text) => Buffer.from(text));
}

async function untilParked({ company, pause, note, complain, patience }: Scene, expected: number): Promise<void> {
  const begin = Date.now();
  for (;;) {
    let parked = 0;
    for (const name of departments) {
      const [row] = await company.sql<{ n: number }>(
        name,
        `select count(*)::int as n from parked where state = 'parked'`,
      );
      parked += row!.n;
    }
    if (parked === expected) return note(`all ${expected} poisoned messages are parked`);
    if (Date.now() - begin > PARKED_WITHIN_MS * patience) return complain(`${parked} parked, and not ${expected}`);
    await pause(300);
  }
}
