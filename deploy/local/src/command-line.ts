import { Command, InvalidArgumentError } from 'commander';
import type { SystemChoice } from './system/departments.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface DemoChoice extends SystemChoice {
  orders: number;
  /** Messages a second; as fast as the broker confirms if left out. */
  rate?: number;
  seed: string;
  file?: string;
  /** Stop when it is done, and say by the exit code whether everything adds up. */
  exit: boolean;
}

const defaultPortBase = 3_001;
const ports = '-p, --port-base <port>';
const portsMeaning = `first of five ports in a row; the control room gets the one before (default: RETAGUARDA_PORT_BASE or ${defaultPortBase})`;

export function demoChoice(argv: readonly string[], env: Environment): DemoChoice {
  const command = new Command('npm run demo --')
    .description('Starts the back office with a sample catalogue, feeds it the orders of a real shop and adds up.')
    .option('-n, --orders <count>', 'how many orders', wholeNumber, 500)
    .option('-r, --rate <per second>', 'messages per second (default: as fast as the broker confirms)', positiveNumber)
    .option('-s, --seed <text>', 'chooses payment terms, cancellations and short items', plainWord, '1')
    .option('-f, --file <csv>', 'rows of UCI "Online Retail" (default: the sample of 2010-12-01)')
    .option('--exit', 'stop when it is done; exit code 1 if anything does not add up', false)
    .option(ports, portsMeaning, port)
    .parse(argv, { from: 'user' });
  const flags = command.opts<Omit<DemoChoice, 'portBase'> & { portBase?: number }>();
  return { ...flags, mode: 'auto', without: [], command: 'npm run demo', portBase: portBase(command, flags, env) };
}

export function startChoice(argv: readonly string[], env: Environment): SystemChoice {
  const command = new Command('npm start --')
    .description(
      'Starts the back office: broker, databases, the five departments and the control room. Ctrl-C stops it.',
    )
    .option('--without <services>', 'leave these to you, to run them in a debugger: sales,billing', names, [])
    .option(ports, portsMeaning, port)
    .addHelpText('after', '\nFULFILLMENT_MODE=auto lets a built-in worker pick, pack and dispatch (default: manual).')
    .parse(argv, { from: 'user' });
  const flags = command.opts<{ without: string[]; portBase?: number }>();
  const mode = env.FULFILLMENT_MODE || 'manual';
  if (mode !== 'auto' && mode !== 'manual') command.error(`error: FULFILLMENT_MODE is "${mode}": auto or manual?`);
  const choice = { without: flags.without, portBase: portBase(command, flags, env) };
  return { ...choice, mode: mode as SystemChoice['mode'], command: 'npm start' };
}

function portBase(command: Command, flags: { portBase?: number }, env: Environment): number {
  if (flags.portBase !== undefined) return flags.portBase;
  if (!env.RETAGUARDA_PORT_BASE) return defaultPortBase;
  try {
    return port(env.RETAGUARDA_PORT_BASE);
  } catch (error) {
    return command.error(`error: RETAGUARDA_PORT_BASE is "${env.RETAGUARDA_PORT_BASE}". ${(error as Error).message}`);
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

function plainWord(text: string): string {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 40 letters, digits, hyphens or underscores.');
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1_025 && value <= 65_500) return value;
  throw new InvalidArgumentError('Expected a port from 1025 to 65500.');
}

function names(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}
