import { NoJournal, readJournal } from '@retaguarda/messaging';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../audit/running-system.js';
import { CannotReplay } from './cannot-replay.js';
import type { ReplayChoice } from './command-line.js';
import { DepartmentDatabase } from './department-database.js';
import { Past, type Takers } from './past.js';
import { planOf, type Plan } from './plan.js';

export interface ReplayAddresses {
  /** Of the department. */
  readonly databaseUrl: string;
  /** AMQP address of the administrator. */
  readonly brokerUrl: string;
}

/** What `npm run replay -- --json` prints. */
export interface ReplayReport {
  readonly service: string;
  readonly since: string;
  readonly isDryRun: boolean;
  /** Of all departments, as many as were read. */
  readonly entries: number;
  /** To be done again, by step; `known`: what the database still has of what was read. */
  readonly transactions: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly known: number;
  readonly givenBack: number;
  /** What waited from before and could not be done again. */
  readonly problems: readonly string[];
}

const MINUTE_MS = 60_000;

/**
 * Reads the journal, compares it with what the department's database has, and puts what is missing into its tables. The
 * department does it when it starts. May be repeated. Throws {@link CannotReplay}; then nothing was put anywhere.
 */
export async function replay(addresses: ReplayAddresses, choice: ReplayChoice): Promise<ReplayReport> {
  const { service, dryRun, whileRunning } = choice;
  const database = await DepartmentDatabase.open(service, addresses.databaseUrl);
  try {
    if (!dryRun && !whileRunning && (await database.isAtWork()))
      throw new CannotReplay(`${service} is at work on its database. Stop it first, or say --while-running.`);
    const past = await readPast(addresses.brokerUrl, choice);
    const plan = await completePlan(past, database, addresses.brokerUrl);
    const { problems } = await database.waiting();
    if (!dryRun) await database.write(plan);
    return reportOf(choice, past, plan, problems);
  } finally {
    await database.close();
  }
}

async function readPast(brokerUrl: string, { service, since, margin }: ReplayChoice): Promise<Past> {
  const past = new Past(service, await takersOf(service));
  const from = new Date(since.getTime() - margin * MINUTE_MS);
  const oldest = await journal(brokerUrl, from, (entry) => past.take(entry));
  if (oldest && oldest > since)
    throw new CannotReplay(`The journal goes back to ${oldest.toISOString()} only; what was before is gone.`);
  return past;
}

/** A message may have been told long before it was handled. Its id says when, so that far the journal is read back. */
async function completePlan(past: Past, database: DepartmentDatabase, brokerUrl: string): Promise<Plan> {
  const plan = await planAgainst(past, database);
  if (plan.missing.length === 0) return plan;
  const told = Math.min(...plan.missing.map(timeIn));
  await journal(brokerUrl, new Date(told - MINUTE_MS), (entry) => past.hear(entry));
  const again = await planAgainst(past, database);
  if (again.missing.length > 0)
    throw new CannotReplay(`The journal does not hold ${again.missing.length} messages, such as ${again.missing[0]}.`);
  return { ...again, givenBack: plan.givenBack };
}

async function planAgainst(past: Past, database: DepartmentDatabase): Promise<Plan> {
  const keys = new Map<string, string[]>();
  const add = (step: string, key: string) => {
    const ofStep = keys.get(step);
    if (ofStep) ofStep.push(key);
    else keys.set(step, [key]);
  };
  for (const { step, handled, inputs } of past.entries)
    for (const key of [...handled, ...inputs.map((input) => input.key)]) add(step, key);
  for (const [key, { type }] of past.told) for (const step of past.takers.get(type)!) add(step, key);
  return planOf(past, await database.handled(keys), await database.aside(keys));
}

async function journal(url: string, since: Date, take: Parameters<typeof readJournal>[1]['take']) {
  try {
    return await readJournal(url, { since, take });
  } catch (error) {
    throw error instanceof NoJournal ? new CannotReplay(error.message) : error;
  }
}

/** UUIDv7: the first 48 bits are milliseconds since 1970. */
function timeIn(id: string): number {
  const time = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  return Number.isNaN(time) ? 0 : time;
}

interface QueueFile {
  readonly bindings: readonly { readonly source: string; readonly destination: string; readonly routing_key: string }[];
}

/** Generated from the process tables. */
async function takersOf(service: string): Promise<Takers> {
  const file = join(repository, 'deploy', 'rabbitmq', 'queues.json');
  const { bindings } = JSON.parse(await readFile(file, 'utf8')) as QueueFile;
  const takers = new Map<string, string[]>();
  for (const { source, destination, routing_key: type } of bindings)
    if (source === 'retaguarda' && destination.startsWith(`${service}.`))
      takers.set(type, [...(takers.get(type) ?? []), destination]);
  return takers;
}

function reportOf({ service, since, dryRun }: ReplayChoice, past: Past, plan: Plan, problems: string[]): ReplayReport {
  const transactions: Record<string, number> = {};
  for (const { step } of plan.replays) transactions[step] = (transactions[step] ?? 0) + 1;
  return {
    ...{ service, since: since.toISOString(), isDryRun: dryRun, entries: past.count, transactions },
    messages: plan.replays.reduce((sum, { messages }) => sum + messages.length, 0),
    known: plan.known,
    givenBack: plan.givenBack.length,
    problems,
  };
}
