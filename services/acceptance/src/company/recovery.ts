import type { Company } from './company.js';
import { differences, ordersThatDiffer, type KeptDatabase } from './kept-database.js';
import { runAudit, runReplay, type DepartmentName } from './programs.js';

export interface Recovered {
  /** What the audit found after the database was set back, by check. */
  readonly divergences: Readonly<Record<string, number>>;
  /** As `npm run replay -- --json` tells it. */
  readonly replayed: { readonly transactions: Readonly<Record<string, number>>; readonly givenBack: number };
  /** What is not as it should be. */
  readonly problems: readonly string[];
}

const SAME_WITHIN_MS = 20_000;
/** The audit counts no order as lost that may be in a queue, and what a slow broker's queues tell may be old. */
const LISTED_WITHIN_MS = 30_000;

/**
 * Sets the database of one department back, has the audit look, replays, starts the department again and compares row by
 * row. Nothing may be under way in the company, and nothing may come in.
 */
export async function recover(
  company: Company,
  name: DepartmentName,
  { kept, start }: { kept: KeptDatabase; start: () => Promise<unknown> },
): Promise<Recovered> {
  const before = await kept.rows();
  const orders = await ordersKnownBeside(company, name);
  await company.department(name).stop();
  await kept.setBack();
  const differing = ordersThatDiffer(before, await kept.rows(), orders);
  const { counts: divergences, unlisted } = await auditedOf(company, differing);
  const replayed = await replay(company, name, kept.keptAt);
  await start();
  const left = await untilSame(kept, before);
  const { counts: afterwards } = await audited(company);
  const again = await replay(company, name, kept.keptAt, '--dry-run');
  const problems = [
    ...(Object.keys(divergences).length === 0 ? ['the audit found nothing after the database was set back'] : []),
    ...unlisted.slice(0, 3).map((id) => `the audit does not list order ${id}, whose rows in ${name} are others now`),
    ...left,
    ...Object.entries(afterwards).map(([check, count]) => `after the replay the audit finds ${check}: ${count}`),
    ...(isNothing(again) ? [] : [`a second replay finds something: ${JSON.stringify(again)}`]),
  ];
  return { divergences, replayed, problems };
}

function isNothing({ transactions, givenBack }: Recovered['replayed']): boolean {
  return Object.keys(transactions).length === 0 && givenBack === 0;
}

/** What is sent again and the duties take a moment. */
async function untilSame(kept: KeptDatabase, before: Record<string, string[]>): Promise<string[]> {
  const until = Date.now() + SAME_WITHIN_MS;
  for (;;) {
    const left = differences(before, await kept.rows());
    if (left.length === 0 || Date.now() > until) return left;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What sales rejects when it comes, nobody else ever hears of in a way that stays. */
async function ordersKnownBeside(company: Company, name: DepartmentName): Promise<ReadonlySet<string>> {
  const rows = await (name === 'sales'
    ? company.sql<{ id: string }>('stock', 'select order_id as id from reservations')
    : company.sql<{ id: string }>('sales', 'select id from orders'));
  return new Set(rows.map(({ id }) => id));
}

/** What the audit finds, and of these orders those that it does not list. */
async function auditedOf(company: Company, orders: readonly string[]) {
  const until = Date.now() + LISTED_WITHIN_MS;
  for (;;) {
    const { counts, ids } = await audited(company);
    const unlisted = orders.filter((id) => !ids.has(id));
    if (unlisted.length === 0 || Date.now() > until) return { counts, unlisted };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What the audit finds: how much by check, and of which orders. */
async function audited(company: Company): Promise<{ counts: Record<string, number>; ids: ReadonlySet<string> }> {
  const { code, out, err } = await runAudit(['--json', '--all', '--settle', '0'], company.auditEnvironment);
  if (code === 2 || code === null) throw new Error(`the audit could not be made: ${err}`);
  const { checks } = JSON.parse(out) as { checks: { name: string; count: number; offending: string[] }[] };
  return {
    counts: Object.fromEntries(checks.filter(({ count }) => count > 0).map(({ name, count }) => [name, count])),
    ids: new Set(checks.flatMap(({ offending }) => offending.map((id) => id.split(' ')[0]!))),
  };
}

async function replay(company: Company, name: DepartmentName, since: Date, ...flags: string[]) {
  const environment = { REPLAY_DATABASE_URL: company.databases[name], REPLAY_BROKER_URL: company.rabbitUrl };
  const all = ['--service', name, '--since', since.toISOString(), '--json', ...flags];
  const { code, out, err } = await runReplay(all, environment);
  if (code !== 0) throw new Error(`replay ended with ${code}: ${err}${out}`);
  return JSON.parse(out) as Recovered['replayed'];
}
