import type { DepartmentName, SimulatedCompany } from './company.js';
import { departmentNames } from './company.js';
import { owedByTransfer, pay } from './customers.js';
import type { Owed } from './names.js';
import { inOrder, type Kept, type Queue } from './simulated-broker.js';
import type { Plan } from './storefront.js';

const MOST_CRASHES = 4;
const MOST_POINTS = 12;

/** Something that can happen next, as often as its weight says, if it can happen at all. */
interface Happening {
  readonly weight: number;
  readonly isPossible: () => boolean;
  readonly happen: () => Promise<void>;
}

/** The part of a schedule in which everything that may go wrong does, in an order that the seed decides. */
export class Chaos {
  private readonly happenings: readonly Happening[];

  constructor(
    private readonly at: SimulatedCompany,
    private readonly plan: Plan,
  ) {
    this.happenings = [
      { weight: 7, isPossible: () => plan.messages.length > 0, happen: () => this.submit() },
      { weight: 14, isPossible: () => this.waiting.length > 0, happen: () => this.deliver() },
      { weight: 12, isPossible: () => at.broker.publishes.length > 0, happen: () => this.confirm() },
      { weight: 4, isPossible: () => at.lives.size > 0, happen: () => this.tick() },
      { weight: 2.5, isPossible: () => at.crashes < MOST_CRASHES && this.isAnyHealthy, happen: () => this.doom() },
      { weight: 3, isPossible: () => at.lives.size < departmentNames.length, happen: () => this.start() },
      { weight: 0.5, isPossible: () => at.lives.size > 0, happen: () => this.cut() },
      { weight: 0.4, isPossible: () => this.isAnyHealthy, happen: () => this.restart() },
      { weight: 1.2, isPossible: () => at.broker.past.length > 0, happen: () => this.repeat() },
      { weight: 0.3, isPossible: () => true, happen: () => this.forget() },
      { weight: 0.4, isPossible: () => true, happen: () => this.switchMode() },
      { weight: 0.6, isPossible: () => at.lives.has('billing') && this.owed.length > 0, happen: () => this.payTwice() },
    ];
  }

  /** @param steps how many things happen */
  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      const possible = this.happenings.filter(({ isPossible }) => isPossible());
      const { happen } = this.at.dice.weighted(possible.map((happening) => [happening, happening.weight]));
      await happen();
      await this.at.still.comes();
    }
  }

  private get waiting(): Queue[] {
    const queues = [...this.at.broker.queues.values()];
    return queues.filter(({ ready, consumer }) => ready.length > 0 && consumer);
  }

  private get healthy(): DepartmentName[] {
    return [...this.at.lives].filter(([, life]) => !life.isDoomed).map(([name]) => name);
  }

  private get isAnyHealthy(): boolean {
    return this.healthy.length > 0;
  }

  private get owed(): Owed[] {
    return owedByTransfer(this.at, this.plan);
  }

  private async submit(): Promise<void> {
    const { broker, dice } = this.at;
    const [sent] = this.plan.messages.splice(dice.below(this.plan.messages.length), 1);
    const message = broker.keep(sent!);
    this.at.note(`the storefront sends ${message.name}`);
    broker.route(message);
    if (dice.chance(10)) broker.route(message);
  }

  private async deliver(): Promise<void> {
    const { broker, dice } = this.at;
    const queue = dice.pick(this.waiting.sort((a, b) => (a.name < b.name ? -1 : 1)));
    const messages = dice.some(
      inOrder(queue.ready, (message) => message),
      6,
    );
    const copied = new Set(messages.filter(() => dice.chance(8)));
    this.at.note(`${queue.name} gets ${messages.map(said(copied)).join(', ')}`);
    broker.deliver(queue, messages, copied);
  }

  private async confirm(): Promise<void> {
    const { broker, dice } = this.at;
    for (const publish of dice.some(inOrder(broker.publishes, ({ message }) => message))) {
      const isConfirmed = dice.chance(85);
      if (!isConfirmed && publish.isTaken) continue;
      this.at.note(`the broker ${isConfirmed ? 'confirms' : 'takes'} ${publish.message.name}`);
      if (isConfirmed) broker.confirm(publish);
      else broker.take(publish);
      await this.at.still.comes();
    }
  }

  private async tick(): Promise<void> {
    const { dice, time, lives } = this.at;
    const name = dice.pick([...lives.keys()].sort());
    const ms = dice.pick([100, 300, 1_000, 1_500, 6_000, 25_000, 70_000]);
    time.advance(ms);
    this.at.note(`${ms} ms later the timers of ${name} are fired`);
    for (let timers = dice.between(1, 6); timers > 0; timers -= 1) {
      const life = lives.get(name);
      if (!life || !time.fireOne(life)) return;
      await this.at.still.comes();
    }
  }

  private async doom(): Promise<void> {
    const name = this.at.dice.pick(this.healthy.sort());
    const points = this.at.dice.between(1, MOST_POINTS);
    this.at.note(`${name} will die at its point ${points} from here`);
    this.at.lives.get(name)!.dieAfter(points);
  }

  private async start(): Promise<void> {
    const name = this.at.dice.pick(departmentNames.filter((each) => !this.at.lives.has(each)));
    this.at.note(`${name} starts`);
    await this.at.start(name);
  }

  private async cut(): Promise<void> {
    const { broker, dice, lives } = this.at;
    const name = dice.pick([...lives.keys()].sort());
    const connections = broker.connectionsOf(lives.get(name)!);
    if (connections.length === 0) return;
    const connection = dice.pick(connections);
    this.at.note(`${name} loses a connection with ${connection.channels.length} channels`);
    broker.cut(connection, dice);
  }

  private async restart(): Promise<void> {
    const name = this.at.dice.pick(this.healthy.sort());
    this.at.note(`${name} is stopped and started`);
    await this.at.stop(name);
    await this.at.start(name);
  }

  /** As a replay does, or a re-drive of something that was parked long ago. */
  private async repeat(): Promise<void> {
    const { broker, dice } = this.at;
    const { queue, message } = dice.pick(inOrder(broker.past, (past) => past.message));
    this.at.note(`${message.name} comes to ${queue.name} again`);
    queue.ready.push(message);
  }

  /** After 30 days the claims of the inbox are gone; only business keys protect from then on. */
  private async forget(): Promise<void> {
    const name = this.at.dice.pick(departmentNames);
    const { watched } = this.at.departments[name];
    this.at.note(`the inbox of ${name} is forgotten`);
    await watched.outside('delete from inbox');
    watched.applied.clear();
  }

  private async switchMode(): Promise<void> {
    this.at.mode.isAuto = !this.at.mode.isAuto;
    this.at.note(`fulfillment works ${this.at.mode.isAuto ? 'by itself' : 'by hand'}`);
  }

  private async payTwice(): Promise<void> {
    const owed = this.at.dice.pick(this.owed);
    await pay(this.at, owed);
    if (this.at.dice.chance(30)) await pay(this.at, owed);
  }
}

function said(copied: ReadonlySet<Kept>): (message: Kept) => string {
  return (message) =>
    `${message.name}${message.redelivered ? ' (redelivered)' : ''}${copied.has(message) ? ' (and keeps it)' : ''}`;
}
