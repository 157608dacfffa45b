import type { DepartmentName } from '../../company/programs.js';
import type { Fault, Scene } from '../fault.js';

const FAILS_MS = 5_000;
const TABS = 3;
const REDRIVEN_WITHIN_MS = 30_000;
const LOOK_MS = 300;
const PARK_ALL = `
  with gone as (delete from deferred where step = $1 returning *)
  insert into parked (id, step, message_key, type, subject, exchange, routing_key, content_type, message_id, headers, body,
                      cause, reasons, attempts)
  select gen_random_uuid(), step, message_key, routing_key, null, exchange, routing_key, content_type, message_id, headers,
         body, 'attempts used up', '[{"field": "", "problem": "failpoint after-handler"}]', attempts from gone`;

const turns = { 'stock.reserve-stock': 'stock', 'invoicing.issue-invoice': 'invoicing' } as const;

export const redriveRaces: Fault = {
  id: 'F15',
  title: 're-drives race',
  does: 'a step fails for some seconds and its messages are parked; each is then re-driven from three tabs and as a group, all at once, and its original is sent again',
  heals: 'the step works again; what is parked is re-driven',
  turns: Object.keys(turns),
  async strike(scene, step) {
    const name = turns[step as keyof typeof turns];
    await scene.company.department(name).stop();
    const failing = { RETAGUARDA_FAILPOINT: `after-handler@${step}:throw` };
    await scene.start(name, failing, ['--conditions=faults']);
    await scene.pause(FAILS_MS);
    await scene.company.department(name).kill();
    await scene.company.sql(name, PARK_ALL, [step]);
    return async () => {
      await scene.start(name);
      await redriveAll(scene, name, step);
    };
  },
};

async function redriveAll(scene: Scene, name: DepartmentName, step: string): Promise<void> {
  const { company, chance, note, complain } = scene;
  const parked = await company.sql<{ id: string; key: string }>(
    name,
    `select id, message_key as key from parked where state = 'parked'`,
  );
  const department = company.department(name);
  const group = { filter: { step }, canary: 0, ratePerSecond: 500, by: 'ana', why: 'the step works again' };
  const single = (id: string) => () => department.ask('POST', `/ops/parked/${id}/redrive`, { body: { by: 'rui' } });
  const presses = chance.shuffled([
    ...parked.flatMap(({ id }) => Array.from({ length: TABS }, () => single(id))),
    ...Array.from({ length: 2 }, () => () => department.ask('POST', '/ops/redrives', { body: group })),
    () => sendOriginals(scene, new Set(parked.map(({ key }) => key))),
  ]);
  const answers = await Promise.allSettled(presses.map((press) => press()));
  const unanswered = answers.filter(({ status }) => status === 'rejected').length;
  note(
    `${parked.length} parked messages re-driven with ${presses.length} presses, ${unanswered} of them without answer`,
  );
  if (parked.length === 0) complain('nothing was parked');
  const refused = answers.filter(
    (answer) => answer.status === 'fulfilled' && answer.value && isRefusal(answer.value.status),
  );
  if (refused.length > 0) complain(`${refused.length} presses were refused`);
  await untilNoneIsLeft(scene, name);
}

/** A group of which others have taken all by then is in conflict, rightly. */
const isRefusal = (status: number) => status >= 400 && status !== 409;

/** They would come to their end by their originals as well. */
async function untilNoneIsLeft({ company, pause, complain, patience }: Scene, name: DepartmentName): Promise<void> {
  for (const begin = Date.now(); ; await pause(LOOK_MS)) {
    const left = await company.sql(name, `select 1 from parked where state = 'parked'`);
    if (left.length === 0) return;
    if (Date.now() - begin > REDRIVEN_WITHIN_MS * patience) return complain(`${left.length} are still parked`);
  }
}

async function sendOriginals({ observer, publishing }: Scene, keys: ReadonlySet<string>): Promise<void> {
  for (const { exchange, type, id, body } of observer.copies.filter((copy) => keys.has(copy.id)))
    await publishing.publish(exchange, type, body, { messageId: id, contentType: 'application/cloudevents+json' });
}
