import { spawn } from 'node:child_process';
import type { Account } from './accounts.js';

export interface Outcome {
  /** Exit code; undefined when the program could not be started or was stopped at the bound. */
  code: number | undefined;
  /** Standard output and standard error, in the order of their arrival. */
  output: string;
}

interface Options {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  account?: Account | undefined;
  boundMs?: number;
}

/** Runs a program to its end. Never throws: a program that is not there has no exit code. */
export function runToEnd(program: string, args: string[], options: Options = {}): Promise<Outcome> {
  const { env = process.env, cwd, account, boundMs } = options;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(account && { uid: account.uid, gid: account.gid }),
      ...(boundMs !== undefined && { timeout: boundMs, killSignal: 'SIGKILL' as const }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', (error) => resolve({ code: undefined, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}
