import { createHmac } from 'node:crypto';
import type { Fault, Scene } from '../fault.js';
import { WEBHOOK_SECRET } from '../settings.js';

const TIMES = 4;
const OLD_SECONDS = 400;

interface Payment {
  readonly provider: string;
  readonly reference: string;
  readonly receivableId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paidAt: string;
}

export const providerTricks: Fault = {
  id: 'F14',
  title: 'callbacks replayed, old, or wrongly signed',
  does: 'each payment is told of three times at once over POST /payments, also before billing asks for it; old timestamps and wrong signatures must be refused',
  heals: 'nothing is to be healed',
  turns: ['payments'],
  red: () => 'none',
  async strike(scene) {
    let [told, early] = [0, 0];
    for (let time = 0; time < TIMES; time += 1) {
      await scene.pause(1_500);
      const charges = await owed(scene);
      const payments = charges.map(({ payment }) => payment);
      for (const payment of payments) await tellThreeTimes(scene, payment);
      if (payments[0]) await tellWrongly(scene, payments[0]);
      told += payments.length;
      early += charges.filter(({ state }) => state === 'pending').length;
    }
    scene.note(`${told} payments told three times, ${early} of them before the provider did`);
    if (early === 0) scene.complain('there was no payment to tell of that was not paid yet');
    return () => Promise.resolve();
  },
};

/** Charges of the simulated provider, paid or still pending, as the provider itself would tell of them. */
async function owed({ company }: Scene): Promise<{ state: string; payment: Payment }[]> {
  const rows = await company.sql<Payment & { state: string }>(
    'billing',
    `select c.state, 'simulated' as provider, 'simulated-' || c.receivable_id as reference, c.receivable_id as "receivableId",
            c.amount::float8 as amount, c.currency,
            to_char(c.requested_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "paidAt"
       from charges c join receivables r on r.id = c.receivable_id
      where c.state in ('pending', 'paid') and r.status in ('open', 'paid') order by c.requested_at desc limit 30`,
  );
  return rows.map(({ state, ...payment }) => ({ state, payment }));
}

async function tellThreeTimes(scene: Scene, payment: Payment): Promise<void> {
  const body = JSON.stringify(payment);
  const answers = await Promise.all([1, 2, 3].map(() => post(scene, body, signed(body, now()))));
  for (const status of answers) if (status >= 300) scene.complain(`a signed payment was answered ${status}`);
}

async function tellWrongly(scene: Scene, payment: Payment): Promise<void> {
  const body = JSON.stringify({ ...payment, reference: `forged-${payment.receivableId}` });
  const tricks = {
    'an old timestamp': signed(body, now() - OLD_SECONDS),
    'a timestamp of tomorrow': signed(body, now() + OLD_SECONDS),
    'the signature of another body': signed(`${body} `, now()),
    'another secret': signed(body, now(), 'guessed'),
    'no signature': { 'webhook-id': 'x', 'webhook-timestamp': String(now()) },
  };
  for (const [trick, headers] of Object.entries(tricks)) {
    const status = await post(scene, body, headers);
    if (status !== 401) scene.complain(`${trick} was answered ${status}`);
  }
}

const now = () => Math.floor(Date.now() / 1_000);

function signed(body: string, timestamp: number, secret = WEBHOOK_SECRET): Record<string, string> {
  const id = `callback-${timestamp}`;
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
}

async function post({ company }: Scene, body: string, headers: Record<string, string>): Promise<number> {
  return (await company.department('billing').ask('POST', '/payments', { body, headers })).status;
}
