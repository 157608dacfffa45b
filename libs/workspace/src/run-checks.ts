import { spawn } from 'node:child_process';

export interface Check {
  name: string;
  /** The program and its arguments, run in the working directory without a shell. */
  command: readonly [program: string, ...args: string[]];
}

interface Result extends Check {
  passed: boolean;
  output: string;
  seconds: number;
}

/**
 * Runs all checks at once and says of each whether it passed; then what the failed ones had to say, and their names last.
 * @returns true when every check passed. A program that cannot be started is a failed check.
 */
export async function runChecks(checks: readonly Check[], say: (text: string) => void): Promise<boolean> {
  const results = await Promise.all(
    checks.map(async (check) => {
      const result = await run(check);
      say(`${result.passed ? '✔' : '✖'} ${check.name.padEnd(12)} ${result.seconds.toFixed(1)} s`);
      return result;
    }),
  );
  const failed = results.filter(({ passed }) => !passed);
  for (const { name, command, output } of failed) {
    say(`\n── ${name}: ${command.join(' ')}\n${output.trim()}`);
  }
  if (failed.length > 0) say(`\nFailed: ${failed.map(({ name }) => name).join(', ')}`);
  return failed.length === 0;
}

function run(check: Check): Promise<Result> {
  const [program, ...args] = check.command;
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const end = (passed: boolean, reason = '') => {
      const seconds = (performance.now() - startedAt) / 1000;
      resolve({ ...check, passed, output: Buffer.concat(chunks).toString() + reason, seconds });
    };
    child.on('error', ({ message }) => end(false, message));
    child.on('close', (code) => end(code === 0));
  });
}
