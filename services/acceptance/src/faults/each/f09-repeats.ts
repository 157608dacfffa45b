import type { Fault, Scene } from '../fault.js';
import { hasSettled } from './stillness.js';

const COLLECTED_MS = 4_000;
const STRUCTURED_MODE = 'application/cloudevents+json';

export const repeats: Fault = {
  id: 'F9',
  title: 'every message three times, shuffled',
  does: 'what passed is sent twice more, with its ids, in any order: while orders come in, or when all of them have ended',
  heals: 'nothing is to be healed',
  turns: ['under load', 'after the end'],
  red: () => 'none',
  async strike(scene, turn) {
    await scene.pause(COLLECTED_MS);
    if (turn === 'after the end') {
      await scene.storefront.hold();
      await hasSettled(scene);
    }
    await sendAgain(scene);
    scene.storefront.resume();
    return () => Promise.resolve();
  },
};

async function sendAgain({ observer, publishing, chance, note, complain }: Scene): Promise<void> {
  const copies = [...observer.copies];
  const sent = await Promise.allSettled(
    chance
      .shuffled([...copies, ...copies])
      .map(({ exchange, type, id, body }) =>
        publishing.publish(exchange, type, body, { messageId: id, contentType: STRUCTURED_MODE }),
      ),
  );
  const failed = sent.filter(({ status }) => status === 'rejected').length;
  note(`${copies.length} messages sent twice more`);
  if (copies.length === 0) complain('there was nothing to repeat');
  if (failed > 0) complain(`${failed} of the repeated messages could not be sent`);
}
