import type { Tx } from '@retaguarda/database';
import { GIVE_BACK } from './parked.js';

/** Messages of re-drives that may wait untried before the department: what is new must not stand behind 100,000 of them. */
const UNTRIED_AT_ONCE = 1_000;
const LOOK_AGAIN_MS = 100;

interface Run {
  readonly id: string;
  readonly rate: number | null;
  readonly canary: number;
  readonly trial_since: string | null;
  readonly by: string;
  readonly why: string;
}

/**
 * Takes one re-drive that is due a bit further: its canaries, a look at what became of them, or the messages that its
 * rate allows now. Returns how many messages were given back, or undefined when no re-drive is due.
 */
export async function advanceRedrive(tx: Tx): Promise<number | undefined> {
  const [run] = await tx.query<Run>(
    `select id, rate_per_second as rate, canary, trial_since::text, asked_by as by, why
       from redrives where state = 'running' and next_at <= clock_timestamp()
      order by next_at limit 1 for update skip locked`,
  );
  if (!run) return undefined;
  return run.trial_since === null ? giveBackByRate(tx, run) : tryCanaries(tx, run, run.trial_since);
}

interface Trial {
  readonly given: number;
  readonly untried: number;
  readonly failed: number;
  readonly example: string | null;
}

async function tryCanaries(tx: Tx, run: Run, since: string): Promise<number> {
  const trial = await trialOf(tx, run.id, since);
  if (trial.failed > 0) {
    await pauseItself(tx, run.id, `${trial.failed} of ${trial.given} canaries failed again: ${trial.example}`);
    return 0;
  }
  const given = trial.given < run.canary ? await giveBack(tx, run, run.canary - trial.given) : 0;
  if (given + trial.untried > 0) await comeBack(tx, run.id, LOOK_AGAIN_MS);
  else await tx.query('update redrives set trial_since = null where id = $1', [run.id]);
  return given;
}

/** What became of the canaries so far. Too early again is no success either: the rest would be so too. */
async function trialOf(tx: Tx, id: string, since: string): Promise<Trial> {
  const [trial] = await tx.query<Trial>(
    `select count(*)::int as given, count(*) filter (where outcome = 'untried')::int as untried,
            count(*) filter (where outcome = 'failed')::int as failed, min(why) filter (where outcome = 'failed') as example
       from (select case when a.id is not null or d.attempts + d.early > 0 then 'failed'
                         when d.parked_id is not null then 'untried' else 'handled' end as outcome,
                    coalesce(a.problem, d.reason) as why
               from parked p
               left join deferred d on d.parked_id = p.id
               left join parked a on a.follows = p.id
              where p.redrive_id = $1 and p.state = 'redriven' and p.resolved_at >= $2::timestamptz) canaries`,
    [id, since],
  );
  return trial!;
}

async function pauseItself(tx: Tx, id: string, because: string): Promise<void> {
  await tx.query(
    `update redrives set state = 'paused', paused_because = $2, history = history || jsonb_build_array(
            jsonb_build_object('at', clock_timestamp(), 'what', 'paused', 'by', 'the canary', 'why', $2::text))
      where id = $1`,
    [id, because],
  );
}

async function giveBackByRate(tx: Tx, run: Run): Promise<number> {
  const room = UNTRIED_AT_ONCE - (await untried(tx));
  const atOnce = run.rate === null ? UNTRIED_AT_ONCE : Math.max(1, Math.floor((run.rate * LOOK_AGAIN_MS) / 1_000));
  const given = room > 0 ? await giveBack(tx, run, Math.min(room, atOnce)) : 0;
  if (given === 0 && (await isEmpty(tx, run.id))) {
    await tx.query(`update redrives set state = 'finished', ended_at = clock_timestamp() where id = $1`, [run.id]);
    return 0;
  }
  await comeBack(tx, run.id, run.rate === null || given === 0 ? LOOK_AGAIN_MS : (1_000 * given) / run.rate);
  return given;
}

/** Messages that were re-driven, by whomever, and not tried since. */
async function untried(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    'select count(*)::int as count from deferred where parked_id is not null and attempts = 0 and early = 0',
  );
  return row!.count;
}

/** Passes over what somebody is re-driving by itself, or discarding, at this moment. */
async function giveBack(tx: Tx, { id, by, why }: Run, count: number): Promise<number> {
  const given = await tx.query(
    `with chosen as (
       select id from parked where redrive_id = $1 and state = 'parked' order by id limit $2 for update skip locked),
     moved as (
       update parked p set state = 'redriven', resolved_at = clock_timestamp(), resolved_by = $3, resolution = $4
         from chosen where p.id = chosen.id returning p.*)
     ${GIVE_BACK}`,
    [id, count, by, why],
  );
  return given.length;
}

async function isEmpty(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query(`select 1 from parked where redrive_id = $1 and state = 'parked' limit 1`, [id]);
  return rows.length === 0;
}

/** Never faster than the rate, whichever instance comes next; after a standstill it does not catch up in a burst. */
async function comeBack(tx: Tx, id: string, afterMs: number): Promise<void> {
  await tx.query(
    `update redrives set next_at = greatest(next_at + make_interval(secs => $2), clock_timestamp()) where id = $1`,
    [id, afterMs / 1_000],
  );
}
