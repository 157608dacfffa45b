import type { DepartmentName, SimulatedCompany } from './company.js';
import { departmentNames } from './company.js';
import { owedByTransfer, pay } from './customers.js';
import type { Reading } from './readings.js';
import type { Plan } from './storefront.js';
import type { Violation } from './verdict.js';

/** The clock moves so far each round: past a retry, a lease, a patient wait. */
const ROUNDS_MS = [1_000, 6_000, 25_000, 70_000, 70_000, 400_000, 2_400_000, 4_000_000, 4_000_000, 4_000_000];

/** Nothing goes wrong any more: everybody works, until all is done. Returns what is still open after that. */
export async function heal(at: SimulatedCompany, plan: Plan, read: () => Promise<Reading[]>): Promise<Violation[]> {
  at.note('everything heals');
  for (const life of at.lives.values()) life.spare();
  at.mode.isAuto = true;
  at.conductFor = (order) => {
    const conduct = conductOf(plan, order);
    return conduct === 'times out before it' ? 'answers' : conduct;
  };
  for (const name of departmentNames.filter((each) => !at.lives.has(each))) await at.start(name);
  for (const message of plan.messages.splice(0)) at.broker.route(at.broker.keep(message));
  for (const ms of ROUNDS_MS) {
    await drain(at);
    for (const owed of owedByTransfer(at, plan)) await pay(at, owed);
    const busy = at.broker.isEmpty
      ? (await read()).filter((one) => !isDone(one, at)).map(({ name }) => name)
      : departmentNames;
    if (busy.length === 0) return [];
    at.time.advance(ms);
    for (const name of busy) await fireTimers(at, name);
  }
  return stillOpen(at, await read());
}

export function conductOf(plan: Plan, letter: string) {
  return plan.orders.find((order) => order.letter === letter)?.conduct ?? 'answers';
}

/** All queues, first in first out, until nothing is on its way. */
async function drain({ broker, still }: SimulatedCompany): Promise<void> {
  for (;;) {
    const queue = [...broker.queues.values()].find(({ ready, consumer }) => ready.length > 0 && consumer);
    if (queue) broker.deliver(queue, queue.ready);
    await still.comes();
    if (!queue && broker.publishes.length === 0) return;
    for (const publish of broker.publishes) broker.confirm(publish);
    await still.comes();
  }
}

/** Those that are due now, each once. */
async function fireTimers({ lives, time, still }: SimulatedCompany, name: DepartmentName): Promise<void> {
  const life = lives.get(name)!;
  while (time.fireOne(life)) await still.comes();
}

/** Whoever lost a connection has it again before it has work to do: with four cut off, the rounds ran out. */
function isDone({ name, unsent, deferred, unfinished }: Reading, at: SimulatedCompany): boolean {
  return unsent + deferred + unfinished === 0 && isConnected(at, name);
}

function isConnected({ broker, lives }: SimulatedCompany, name: DepartmentName): boolean {
  return broker.isConnected(lives.get(name)!);
}

function stillOpen(at: SimulatedCompany, readings: readonly Reading[]): Violation[] {
  const open = readings.filter((reading) => !isDone(reading, at));
  const { broker } = at;
  return [
    ...open.map(({ name, unsent, deferred, unfinished }) => ({
      promise: 'P2',
      what:
        `${name} never comes to rest: ${unsent} unsent, ${deferred} deferred, ${unfinished} unfinished` +
        (isConnected(at, name) ? '' : ', cut off from the broker'),
    })),
    ...(broker.isEmpty ? [] : [{ promise: 'P2', what: 'the broker still holds messages that nobody finishes' }]),
  ];
}
