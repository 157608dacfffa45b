import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A department that has a process and nothing else; it starts by opening its database. */
const PROGRAM = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { runDepartment } from '@retaguarda/department';
import { process as table } from '@retaguarda/messaging';
class Empty {}
Module({})(Empty);
await runDepartment({ process: table('bakery'), module: Empty, entities: [], migrations: [], port: 0 });
`;

describe('a department that is starting', () => {
  it('ends at once when it is told to, although its database does not answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      env: {
        ...process.env,
        DATABASE_URL: `postgres://bakery@127.0.0.1:${port}/bakery`,
        RABBITMQ_URL: `amqp://127.0.0.1:${port}/bakery`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const lines: string[] = [];
      child.stdout.on('data', (chunk: Buffer) => lines.push(String(chunk)));
      const [connection] = (await once(silent, 'connection')) as [{ destroy(): void }];
      child.kill('SIGTERM');
      const [code] = (await once(child, 'close')) as [number | null];
      connection.destroy();
      expect(code).toBe(143);
      expect(lines.join('')).toContain('ended while starting');
    } finally {
      child.kill('SIGKILL');
      silent.close();
    }
  });
});
