import type { DepartmentName } from '../../company/programs.js';
import type { Fault, Scene } from '../fault.js';
import { killsOf } from './f01-kills.js';
import { repeats } from './f09-repeats.js';
import { poison } from './f10-poison.js';

const BROKER_AWAY_MS = 2_000;
/** Committed and not yet published; published and not yet acked. */
const POINTS = ['after-commit', 'before-ack'];

/** A little of everything in one run, for `npm test`: on servers that others use, so none of them is killed. */
export const shortSetFor = (department: DepartmentName): Fault => ({
  id: 'short set',
  title: 'kills, the broker away, poison, repeats',
  does: `${department} is killed at two failpoints; the broker resets all connections and refuses new ones for 2 s; a storefront sends poison; every message comes three times`,
  heals: 'as each of them',
  turns: ['one after the other'],
  overLines: true,
  async strike(scene) {
    for (const point of POINTS) await killsOf([department]).strike(scene, point);
    await takeTheBrokerAway(scene);
    await poison.strike(scene, 'storefront');
    await repeats.strike(scene, 'under load');
    return () => Promise.resolve();
  },
});

/** What a service sees of a broker that is killed and started again. */
async function takeTheBrokerAway({ lines, pause }: Scene): Promise<void> {
  const { broker } = lines!;
  broker.become('refuses');
  broker.reset();
  await pause(BROKER_AWAY_MS);
  broker.become('open');
}
