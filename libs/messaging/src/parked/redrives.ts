import type { Tx } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import { conditionsOf, type Choice } from './find-parked.js';

export type RedriveState = 'running' | 'paused' | 'cancelled' | 'finished';

/** Who did what to a re-drive, and why. `by` is `the canary` when the run paused itself. */
export interface RedriveDeed {
  readonly at: string;
  readonly what: 'started' | 'paused' | 'resumed' | 'cancelled';
  readonly by: string;
  readonly why: string;
}

/** A re-drive of many: the messages that were chosen when it was pressed, given back bit by bit. */
export interface Redrive {
  readonly id: string;
  readonly choice: Choice;
  readonly selected: number;
  /** Messages a second at most; null: as fast as the department takes them. */
  readonly ratePerSecond: number | null;
  /** How many go first and must succeed before the rest follows. */
  readonly canary: number;
  readonly by: string;
  readonly why: string;
  readonly state: RedriveState;
  /** The canaries are under way, or one of them failed. */
  readonly isTrying: boolean;
  /** Why it paused itself; null when it did not. */
  readonly pausedBecause: string | null;
  readonly history: readonly RedriveDeed[];
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** What became of a re-drive's messages. `selected` = left + redriven + elsewhere + released. */
export interface RedriveProgress {
  /** Still parked and waiting for their turn. */
  readonly left: number;
  /** Given back: these are waiting, retrying, parked again or handled. */
  readonly redriven: number;
  /** Not tried yet. */
  readonly waiting: number;
  /** Failed or too early at least once, and tried again by the step's policy. */
  readonly retrying: number;
  readonly parkedAgain: number;
  readonly handled: number;
  /** Meanwhile re-driven by itself, replaced or discarded. */
  readonly elsewhere: number;
  /** Left parked by the cancellation. */
  readonly released: number;
}

const COLUMNS = `id, choice, selected, rate_per_second as "ratePerSecond", canary, asked_by as "by", why, state,
  trial_since is not null and ended_at is null as "isTrying", paused_because as "pausedBecause", history, started_at as "startedAt",
  ended_at as "endedAt"`;

const deed = (what: RedriveDeed['what'], by: string, why: string) =>
  `jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'what', '${what}', 'by', ${by}::text, 'why', ${why}::text))`;

export interface RedriveOrder {
  readonly choice: Choice;
  readonly ratePerSecond?: number | undefined;
  readonly canary?: number | undefined;
  readonly by: string;
  readonly why: string;
}

/**
 * Starts a re-drive of what is parked now and in no other re-drive; what is parked later is not in it. `steps` are those
 * that the department has. Returns its id and size; with a size of 0 there is nothing to do: roll the transaction back.
 */
export async function startRedrive(
  tx: Tx,
  steps: readonly string[],
  { choice, ratePerSecond, canary = 0, by, why }: RedriveOrder,
): Promise<{ id: string; selected: number }> {
  const id = uuid();
  await tx.query(
    `insert into redrives (id, choice, selected, rate_per_second, canary, trial_since, asked_by, why, history)
     values ($1, $2, 0, $3, $4::int, case when $4::int > 0 then clock_timestamp() end, $5, $6,
             ${deed('started', '$5', '$6')})`,
    [id, JSON.stringify(choice), ratePerSecond ?? null, canary, by, why],
  );
  const values: unknown[] = [id, steps];
  const conditions = conditionsOf({ ...choice, state: 'parked' }, values);
  const [row] = await tx.query<{ selected: number }>(
    `with chosen as (
       select id from parked where ${conditions} and step = any($2::text[]) and redrive_id is null order by id for update),
     taken as (update parked set redrive_id = $1 where id in (select id from chosen) returning 1),
     counted as (select count(*)::int as selected from taken)
     select selected from counted`,
    values,
  );
  const { selected } = row!;
  await tx.query('update redrives set selected = $2 where id = $1', [id, selected]);
  return { id, selected };
}

/** How many parked messages a choice fits, and the re-drives that have them already: why there was nothing to start. */
export async function whereChosen(tx: Tx, choice: Choice): Promise<{ fitting: number; redrives: string[] }> {
  const values: unknown[] = [];
  const [row] = await tx.query<{ fitting: number; redrives: string[] }>(
    `select count(*)::int as fitting,
            coalesce(array_agg(distinct redrive_id) filter (where redrive_id is not null), '{}') as redrives
       from parked where ${conditionsOf({ ...choice, state: 'parked' }, values)}`,
    values,
  );
  return row!;
}

export type RedrivePress = 'pause' | 'resume' | 'cancel';

/** From which states a button leads where. */
export const redrivePresses = {
  pause: { from: ['running'], to: 'paused', what: 'paused' },
  resume: { from: ['paused'], to: 'running', what: 'resumed' },
  cancel: { from: ['running', 'paused'], to: 'cancelled', what: 'cancelled' },
} as const satisfies Record<
  RedrivePress,
  { from: readonly RedriveState[]; to: RedriveState; what: RedriveDeed['what'] }
>;

/**
 * Presses a button of a re-drive. Waits for the bit that is being given back. What was given back stays so; a
 * cancellation leaves the rest parked; resumed after its canaries failed it begins with new canaries. Returns whether
 * the re-drive was in a state that the button leads on from.
 */
export async function pressRedrive(
  tx: Tx,
  id: string,
  press: RedrivePress,
  { by, why }: { readonly by: string; readonly why: string },
): Promise<boolean> {
  const { from, to, what } = redrivePresses[press];
  const [moved] = await tx.query(
    `update redrives set state = $2, history = history || ${deed(what, '$4', '$5')},
            trial_since = case when $2 = 'running' and paused_because is not null then clock_timestamp() else trial_since end,
            paused_because = case when $2 = 'running' then null else paused_because end,
            next_at = clock_timestamp(),
            ended_at = case when $2 = 'cancelled' then clock_timestamp() end
      where id = $1 and state = any($3::text[]) returning 1`,
    [id, to, from, by, why],
  );
  if (moved && press === 'cancel') await release(tx, id);
  return moved !== undefined;
}

async function release(tx: Tx, id: string): Promise<void> {
  await tx.query(
    `with released as (
       update parked set redrive_id = null where redrive_id = $1 and state = 'parked' returning 1)
     update redrives set released = (select count(*) from released) where id = $1`,
    [id],
  );
}

export async function findRedrive(tx: Tx, id: string): Promise<Redrive | undefined> {
  const [row] = await tx.query<Redrive>(`select ${COLUMNS} from redrives where id = $1`, [id]);
  return row;
}

/** A page of re-drives, the newest first; `cursor` is the id of the last one of the page before. */
export function listRedrives(
  tx: Tx,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Redrive[]> {
  return tx.query<Redrive>(
    `select ${COLUMNS} from redrives where $1::uuid is null or id < $1 order by id desc limit $2`,
    [cursor ?? null, limit],
  );
}

/** What became of the messages, as of one moment. */
export async function progressOf(tx: Tx, id: string): Promise<RedriveProgress> {
  const [row] = await tx.query<RedriveProgress>(
    `select "left", redriven, waiting, retrying, "parkedAgain", redriven - waiting - retrying - "parkedAgain" as handled,
            r.selected - "left" - redriven - r.released as elsewhere, r.released
       from redrives r, lateral (
         select count(*) filter (where p.state = 'parked')::int as "left",
                count(*) filter (where p.state = 'redriven')::int as redriven,
                count(*) filter (where p.state = 'redriven' and d.attempts + d.early = 0)::int as waiting,
                count(*) filter (where p.state = 'redriven' and d.attempts + d.early > 0)::int as retrying,
                count(*) filter (where p.state = 'redriven' and d.parked_id is null
                                   and exists (select from parked a where a.follows = p.id))::int as "parkedAgain"
           from parked p
           left join deferred d on d.parked_id = p.id
          where p.redrive_id = r.id) counts
      where r.id = $1`,
    [id],
  );
  return row!;
}
