import { Command, InvalidArgumentError, Option } from 'commander';

export type Key = 'a' | 'b' | 'c' | 'd';
const keys: readonly Key[] = ['a', 'b', 'c', 'd'];

export interface BenchOptions {
  readonly orders: number;
  readonly only: readonly Key[];
  readonly rounds: number;
  /** Sizes; empty: none. */
  readonly backlog: readonly number[];
  readonly lines: number;
  readonly hot: boolean;
  readonly latency: boolean;
  readonly commits: boolean;
  readonly profile: boolean;
  /** Seconds that orders come at half of the measured rate. */
  readonly halfSeconds: number;
  /** Seconds that orders trickle in. */
  readonly trickleSeconds: number;
  /** A backlog that would take longer is left out; seconds. */
  readonly longest: number;
}

const presets = {
  quick: { orders: 3_000, rounds: 1, backlog: [], hot: false, halfSeconds: 8, trickleSeconds: 8 },
  full: {
    orders: 5_000,
    rounds: 6,
    backlog: [1_000, 10_000, 100_000],
    hot: true,
    halfSeconds: 20,
    trickleSeconds: 15,
  },
};

/** Ends the process with an explanation when the arguments are wrong or ask for help. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { quick, ...given } = command()
    .parse(args, { from: 'user' })
    .opts<Partial<BenchOptions> & { quick?: boolean }>();
  return { ...presets[quick ? 'quick' : 'full'], ...given } as BenchOptions;
}

export function command(): Command {
  return new Command('npm run bench --')
    .description(
      'Measures Retaguarda (a) beside the same line on Nest’s own RabbitMQ transport (b), on @golevelup/nestjs-rabbitmq (c)\n' +
        'and by hand in batches of 200 (d), in turns on private servers. Results: .retaguarda/bench/<date>.json and .svg.',
    )
    .addOption(new Option('--quick', '3,000 orders, one round, no backlogs, no hot item'))
    .addOption(new Option('--orders <n>', 'orders at saturation for a and d; b and c get a tenth').argParser(whole))
    .addOption(new Option('--only <list>', 'contenders, such as a,d').default([...keys], 'a,b,c,d').argParser(someKeys))
    .addOption(new Option('--rounds <n>', 'turns of each contender; medians are shown').argParser(whole))
    .addOption(new Option('--backlog <list>', 'sizes, such as 1000,10000,100000; 0 for none').argParser(sizes))
    .addOption(
      new Option('--lines <n>', 'lines of an order on average; 24 in the real sample').default(3).argParser(whole),
    )
    .addOption(
      new Option('--longest <seconds>', 'backlogs that would take longer are left out').default(600).argParser(whole),
    )
    .addOption(new Option('--hot', 'measure (a) with one item in every order, too'))
    .addOption(new Option('--no-latency', 'nothing at half load and at 20 orders/s'))
    .addOption(new Option('--no-commits', 'do not count commits: saves 22 s for each contender'))
    .addOption(new Option('--profile', 'CPU profiles of (a) and (d) in .retaguarda/bench/profiles').default(false))
    .addHelpText(
      'after',
      '\nEverything is reckoned to take 50 minutes on two cores that nobody else uses. Ctrl-C ends it and writes what was measured.\n' +
        'Exit code: 0 also when goals are not reached, because speed depends on the machine; 1 when it could not be measured.',
    );
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It is a whole number above 0.');
}

function sizes(text: string): number[] {
  return text === '0' ? [] : text.split(',').map(whole);
}

function someKeys(text: string): Key[] {
  const chosen = text.split(',');
  const unknown = chosen.find((each) => !keys.includes(each as Key));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no contender ${unknown}; there are ${keys.join(', ')}.`);
  return keys.filter((key) => chosen.includes(key));
}
