import type { DepartmentDefinition } from '@retaguarda/department';
import { drift } from '@retaguarda/database';
import { eventsOf } from '@retaguarda/messaging';
import { messageOf, OfflineDepartment } from './offline-department.js';

/** What a message does that arrives before what it builds on. */
export type WhenEarly =
  /** It waits, and has its effect once the rest is there. */
  | 'waits'
  /** It leaves its mark at once, so that what comes later finds it. */
  | 'is remembered'
  /** Nothing comes before it. */
  | 'starts'
  /** It records a fact whatever the order. */
  | 'in any order';

/** How one `on` row is tried. */
export interface RowTrial {
  /** Brings the department to where the event is expected. */
  readonly given?: (department: OfflineDepartment) => Promise<void>;
  readonly event: object;
  readonly early: WhenEarly;
  /** Brings the department to the end of the order after the event, where a late repeat must change nothing. */
  readonly end?: (department: OfflineDepartment) => Promise<void>;
}

/** By table, the columns that are on the database's clock rather than the department's: no two runs have the same there. */
export type OnTheDatabasesClock = Readonly<Record<string, readonly string[]>>;

interface Effect {
  readonly state: unknown;
  readonly sent: unknown;
}

/**
 * The tests that every row of every process table passes: the same message twice, the same facts in another message,
 * twice in one batch, late, early, and after a crash between commit and ack. Each `on` row needs a trial; each table of
 * the department is compared.
 */
export function testProcess(
  definition: DepartmentDefinition,
  trials: Readonly<Record<string, RowTrial>>,
  onTheDatabasesClock: OnTheDatabasesClock = {},
): void {
  const { department, rows } = definition.process;
  const steps = rows.filter((row) => eventsOf(row).length > 0);

  describe(`the process of ${department}`, () => {
    let at: OfflineDepartment;
    beforeAll(async () => {
      at = await OfflineDepartment.open(definition);
    });
    afterAll(() => at.close());
    beforeEach(() => at.reset());

    it('has a trial for each row that takes an event', () => {
      const triedRows = new Set(Object.keys(trials).map(commandOf));
      expect([...triedRows].sort()).toEqual(steps.map(({ name }) => name).sort());
    });

    it('has migrations that say the same as its entities', async () => {
      expect(await drift(at.source)).toEqual([]);
    });

    describe.each(Object.keys(trials))('%s', (name) => {
      testRow(() => at, commandOf(name), trials[name]!, onTheDatabasesClock);
    });
  });
}

/** A row with several events has a trial for each: `record-progress (shipped)`. */
function commandOf(name: string): string {
  return name.split(' ')[0]!;
}

function testRow(
  open: () => OfflineDepartment,
  command: string,
  trial: RowTrial,
  onTheDatabasesClock: OnTheDatabasesClock,
): void {
  const given = async () => {
    await trial.given?.(open());
    return open();
  };
  const effect = async (): Promise<Effect> => ({
    state: await open().state(onTheDatabasesClock),
    sent: await open().sent(),
  });

  it('has its effect', async () => {
    const at = await given();
    const before = await effect();
    await at.deliver(command, trial.event);
    expect(await effect()).not.toEqual(before);
    expect(await at.deferred()).toEqual([]);
    expect(await at.parked()).toEqual([]);
  });

  it('has one effect when the message is delivered twice', async () => {
    const at = await given();
    await at.deliver(command, trial.event);
    const once = await effect();
    await at.deliver(command, trial.event);
    expect(await effect()).toEqual(once);
  });

  it('has one effect when another message brings the same facts', async () => {
    const at = await given();
    await at.deliver(command, trial.event);
    const once = await effect();
    await at.deliver(command, messageOf(trial.event, { id: 'second' }));
    expect(await effect()).toEqual(once);
    expect(await at.parked()).toEqual([]);
  });

  it('has one effect when both come in one batch', async () => {
    const at = await given();
    await at.deliver(command, trial.event, messageOf(trial.event, { id: 'second' }), messageOf(trial.event));
    const batched = await effect();
    await at.reset();
    await (await given()).deliver(command, trial.event);
    expect(withoutIds(batched)).toEqual(withoutIds(await effect()));
  });

  testRepeats({ given, effect }, command, trial);
  testEarly(open, command, trial, effect);
}

interface Trying {
  readonly given: () => Promise<OfflineDepartment>;
  readonly effect: () => Promise<Effect>;
}

function testRepeats({ given, effect }: Trying, command: string, trial: RowTrial): void {
  it('has one effect when the process dies after the commit and before the ack', async () => {
    const at = await given();
    await at.deliver(command, trial.event);
    const once = await effect();
    await at.deliver(command, messageOf(trial.event, { mayHaveCrashed: true }));
    expect(await effect()).toEqual(once);
    expect(await at.source.query('select * from suspects')).toEqual([]);
  });

  it('changes nothing when it comes again after the end', async () => {
    const at = await given();
    await at.deliver(command, trial.event);
    await trial.end?.(at);
    const end = await effect();
    await at.deliver(command, messageOf(trial.event, { id: 'late' }));
    expect(await effect()).toEqual(end);
    expect(await at.parked()).toEqual([]);
  });
}

function testEarly(
  open: () => OfflineDepartment,
  command: string,
  trial: RowTrial,
  effect: () => Promise<Effect>,
): void {
  if (trial.early === 'waits') {
    it('waits when it comes too early, and has its effect once the rest is there', async () => {
      const at = open();
      const nothing = await effect();
      await at.deliver(command, trial.event);
      expect(await effect()).toEqual(nothing);
      expect(await at.deferred()).toEqual([expect.objectContaining({ early: 1 })]);
      await trial.given?.(at);
      const before = await effect();
      await at.retryDeferred();
      expect(await effect()).not.toEqual(before);
      expect(await at.deferred()).toEqual([]);
    });
  }
  if (trial.early === 'is remembered') {
    it('is remembered when it comes too early', async () => {
      const at = open();
      const nothing = await effect();
      await at.deliver(command, trial.event);
      expect(await effect()).not.toEqual(nothing);
      expect(await at.deferred()).toEqual([]);
    });
  }
  if (trial.early === 'in any order') {
    it('is not lost when it comes before everything else', async () => {
      const at = open();
      await at.deliver(command, trial.event);
      await trial.given?.(at);
      await at.retryDeferred();
      expect(await at.deferred()).toEqual([]);
      const early = await effect();
      await at.reset();
      await trial.given?.(at);
      await at.deliver(command, trial.event);
      expect(withoutIds(early)).toEqual(withoutIds(await effect()));
    });
  }
}

const GENERATED_ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** Ids that are given out anew each time are left out of a comparison between two runs. */
function withoutIds(effect: Effect): unknown {
  return JSON.parse(JSON.stringify(effect).replaceAll(GENERATED_ID, '(id)'));
}
