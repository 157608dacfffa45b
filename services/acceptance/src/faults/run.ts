import { runAudit } from '../company/programs.js';
import type { Fault } from './fault.js';
import type { Verdict } from './history/checker.js';
import { check } from './history/checker.js';
import { OBSERVER_QUEUE } from './amqp/observer.js';
import { evidenceOf, unsettled } from './history/evidence.js';
import type { StageSettings } from './stage.js';
import { Stage } from './stage.js';

const BEFORE_THE_FAULT = 25;
const AFTER_THE_FAULT = 25;
/** P2, and how long a run waits beyond it before it calls something lost. */
const SETTLE_MS = 60_000;
const GIVE_UP_MS = 120_000;
const BACK_WITHIN_MS = 30_000;
const QUIET_MS = 700;

/** What one run found. */
export interface RunResult {
  readonly fault: string;
  readonly turn: string;
  readonly seed: string;
  readonly seconds: number;
  readonly verdict: Verdict;
  readonly audit: readonly string[];
  /** Seconds after the heal until all departments were ready and all queues consumed. */
  readonly backSeconds: number | undefined;
  /** Seconds after the heal until nothing was under way any more. */
  readonly settledSeconds: number | undefined;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
  readonly historyFile: string;
}

/** Load, fault, heal, settle, check: one run on a company of its own. */
export async function runFault(fault: Fault, turn: string, settings: StageSettings): Promise<RunResult> {
  const stage = await Stage.open(fault, settings);
  try {
    return await judged(fault, turn, stage, settings);
  } finally {
    await stage.close(settings);
  }
}

/** The same on a stage that is open, and stays open. */
export async function judged(fault: Fault, turn: string, stage: Stage, settings: StageSettings): Promise<RunResult> {
  const begin = Date.now();
  const { healedAt, backSeconds } = await breakAndHeal(fault, turn, stage);
  const settledSeconds = await settle(stage, healedAt);
  complainOfEnded(stage);
  const verdict = await verdictOn(stage);
  if (stage.problems.length > 0 || verdict.lost.length > 0) stage.keepLastWords();
  return {
    fault: fault.id,
    turn,
    seed: settings.seed,
    verdict,
    audit: await auditOf(stage),
    backSeconds,
    settledSeconds,
    notes: stage.notes,
    problems: stage.problems,
    historyFile: settings.historyFile,
    seconds: (Date.now() - begin) / 1_000,
  };
}

/** Nobody starts a department again that ends by itself, so what is lost may have no other reason. */
function complainOfEnded({ company, scene }: Stage): void {
  for (const { name, isRunning, exitCode } of company.running.values())
    if (!isRunning) scene.complain(`${name} ended by itself (${exitCode ?? 'killed by a signal'})`);
}

/** What the history and the databases say now. */
export async function verdictOn({ history, company, scene }: Stage): Promise<Verdict> {
  return check(history.entries(), await evidenceOf(company), scene.topology.takers);
}

async function breakAndHeal(fault: Fault, turn: string, stage: Stage) {
  const { scene, watch } = stage;
  scene.storefront.start();
  await scene.storefront.untilAccepted(BEFORE_THE_FAULT);
  watch.takeRed();
  scene.note(`strike: ${fault.id} ${turn}`);
  const heal = await fault.strike(scene, turn);
  judgeReadiness(fault, turn, stage);
  await heal();
  const healedAt = Date.now();
  scene.note('healed');
  const back = await watch.backAfter(healedAt, BACK_WITHIN_MS * scene.patience);
  if ('missing' in back) scene.complain(`not back in time: ${back.missing.join(', ')}`);
  await scene.storefront.untilAccepted(AFTER_THE_FAULT);
  const { unanswered } = await scene.storefront.close(SETTLE_MS * scene.patience);
  if (unanswered > 0) scene.complain(`${unanswered} sendings were never answered`);
  return { healedAt, backSeconds: 'seconds' in back ? back.seconds : undefined };
}

function judgeReadiness(fault: Fault, turn: string, { watch, scene }: Stage): void {
  const expected = fault.red?.(turn);
  if (expected === undefined) return;
  const red = watch.takeRed();
  if (expected === 'none' && red.length > 0) scene.complain(`not ready without need: ${red.join(', ')}`);
  if (expected === 'all' && red.length < 5)
    scene.complain(`only ${red.join(', ') || 'nobody'} said that it is not ready`);
  if (expected !== 'none' && expected !== 'all' && !red.includes(expected))
    scene.complain(`${expected} did not say that it is not ready`);
}

/** Seconds from the heal until two looks found nothing under way. Longer than 60 s, times the patience, is a problem. */
async function settle({ company, scene }: Stage, healedAt: number): Promise<number | undefined> {
  let left: string[] = [];
  let isLate = false;
  for (let quiet = 0; Date.now() - healedAt < GIVE_UP_MS * scene.patience;) {
    left = [...(await unsettled(company)), ...(await queued(scene))];
    quiet = left.length === 0 ? quiet + 1 : 0;
    const after = Date.now() - healedAt;
    if (quiet === 2) return after / 1_000;
    if (!isLate && after > SETTLE_MS * scene.patience && left.length > 0) {
      isLate = true;
      scene.complain(`too long still under way: ${left.join(', ')}`);
    }
    await scene.pause(QUIET_MS);
  }
  scene.complain(`never came to rest: ${left.join(', ')}`);
  return undefined;
}

/** By AMQP for what waits; by the management API, which is some seconds behind, for what is out at a consumer. */
async function queued({ client, servers, topology, company }: Stage['scene']): Promise<string[]> {
  const depths = await client.depths([...topology.queues, OBSERVER_QUEUE]);
  const waiting = [...depths].flatMap(([queue, depth]) =>
    depth?.waiting === 0 ? [] : [`${depth?.waiting ?? '?'} in ${queue}`],
  );
  if (waiting.length > 0) return waiting;
  const queues = (await servers.manage('GET', `queues${new URL(company.rabbitUrl).pathname}`)) as QueueStatistics[];
  return queues
    .filter(({ messages_unacknowledged: out = 0 }) => out > 0)
    .map(({ name, messages_unacknowledged: out }) => `${out} handed out and not acked in ${name}`);
}

interface QueueStatistics {
  readonly name: string;
  readonly messages_unacknowledged?: number;
}

/** What the audit of the control room found, in words; nothing when it is clean. */
async function auditOf({ company }: Stage): Promise<string[]> {
  const { code, out, err } = await runAudit(['--json', '--settle', '0'], company.auditEnvironment);
  if (code === 2 || code === null) return [`the audit could not be made: ${err}`];
  const { checks } = JSON.parse(out) as { checks: { name: string; count: number; offending: string[] }[] };
  return checks
    .filter(({ count }) => count > 0)
    .map(({ name, count, offending }) => `${name}: ${count} (${offending.slice(0, 3).join(', ')})`);
}
