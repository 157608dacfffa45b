import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Choice } from './command-line.js';
import type { Fault } from './fault.js';
import { faults } from './faults.js';
import { Chance } from './random.js';
import type { Report, Skipped } from './report.js';
import { inMarkdown, isClean, lineOf } from './report.js';
import type { RunResult } from './run.js';
import { runFault } from './run.js';
import { FaultServers } from './servers.js';
import type { Stage } from './stage.js';

const MINUTE_MS = 60_000;
/** Of the virtual host and the databases: there is one company at a time. */
const COMPANY = 'faults';

interface Turn {
  readonly fault: Fault;
  readonly turn: string;
}

/** One call of `npm run faults`: runs until the time is over, then the report. */
export class Session {
  private readonly begin = new Date();
  private readonly results: RunResult[] = [];
  private readonly directory: string;
  isInterrupted = false;
  private stage: Stage | undefined;
  private skipped: readonly Skipped[] = [];

  private constructor(
    private readonly choice: Choice,
    private readonly servers: FaultServers,
    stateDir: string,
    private readonly say: (line: string) => void,
  ) {
    this.directory = join(stateDir, `seed-${choice.seed}`.replaceAll(/[^a-zA-Z0-9.-]/g, '-'));
  }

  static async open(choice: Choice, stateDir: string, say: (line: string) => void): Promise<Session> {
    const session = new Session(choice, await FaultServers.start(join(stateDir, 'servers'), say), stateDir, say);
    rmSync(session.directory, { recursive: true, force: true });
    mkdirSync(session.directory, { recursive: true });
    return session;
  }

  /** @returns whether everything was clean */
  async run(): Promise<boolean> {
    const { able, skipped } = this.chosen();
    this.skipped = skipped;
    for (const { fault, why } of skipped) this.say(`${fault.padEnd(4)} skipped: ${why}`);
    for (const { fault, turn } of turnsOf(able, new Chance(this.choice.seed))) {
      if (this.minutes >= this.choice.minutes) break;
      await this.runOne(fault, turn);
    }
    this.writeReport();
    return this.results.length > 0 && this.results.every(isClean);
  }

  /** Ends what is under way at once and reports on the runs that were ended. */
  async interrupt(): Promise<void> {
    this.isInterrupted = true;
    await this.stage?.killAll();
    if (this.results.length > 0) this.writeReport();
    await this.servers.stop();
  }

  async close(): Promise<void> {
    await this.servers.stop();
  }

  private async runOne(fault: Fault, turn: string): Promise<void> {
    const number = String(this.results.length + 1).padStart(3, '0');
    const historyFile = join(this.directory, `${number}-${fault.id}-${turn.replaceAll(/[^a-z0-9]+/gi, '-')}.jsonl`);
    const settings = {
      ...{ servers: this.servers, name: COMPANY, historyFile },
      ...{ seed: `${this.choice.seed}/${number}`, ordersPerSecond: this.choice.rate },
      patience: this.choice.patience,
      opened: (stage: Stage | undefined) => void (this.stage = stage),
    };
    const result = await runFault(fault, turn, settings);
    this.results.push(result);
    if (isClean(result) && !this.choice.keep) rmSync(historyFile, { force: true });
    this.say(lineOf(result));
    for (const problem of [...result.problems, ...result.audit]) this.say(`       ${problem}`);
  }

  private chosen(): { able: Fault[]; skipped: Skipped[] } {
    const { only, turn = '' } = this.choice;
    const chosen = faults
      .filter(({ id }) => only.length === 0 || only.includes(id))
      .map((fault) => ({ ...fault, turns: fault.turns.filter((name) => name.includes(turn)) }))
      .filter(({ turns }) => turns.length > 0);
    return {
      able: chosen.filter(({ isMissing }) => !isMissing?.()),
      skipped: chosen.flatMap(({ id, isMissing }) => (isMissing?.() ? [{ fault: id, why: isMissing()! }] : [])),
    };
  }

  private get minutes(): number {
    return (Date.now() - this.begin.getTime()) / MINUTE_MS;
  }

  private writeReport(): void {
    const { results, minutes, skipped } = this;
    const startedAt = this.begin.toISOString();
    const report: Report = { seed: this.choice.seed, startedAt, minutes, results, skipped };
    const text = inMarkdown(report, faults);
    writeFileSync(join(this.directory, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(this.directory, 'report.md'), text);
    this.say(`\n${text.slice(0, text.indexOf('## Runs'))}Report: ${this.directory}/report.md`);
  }
}

/** Every fault once in a round, each with its next turn, in an order that follows from the seed. */
function* turnsOf(able: readonly Fault[], chance: Chance): Generator<Turn> {
  if (able.length === 0) return;
  const offsets = new Map(able.map((fault) => [fault, chance.whole(0, fault.turns.length - 1)]));
  for (let round = 0; ; round += 1)
    for (const fault of chance.shuffled(able)) {
      const turn = fault.turns[(round + offsets.get(fault)!) % fault.turns.length]!;
      yield { fault, turn };
    }
}
