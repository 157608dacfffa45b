import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunningSystem {
  /** AMQP address with its virtual host, of the sample storefront. */
  brokerUrl: string;
  stockUrl: string;
  controlRoomUrl?: string;
}

interface Written {
  storefrontUrl?: string;
  brokerUrl?: string;
  services?: Record<string, string>;
}

export class NoRunningSystem extends Error {}

/**
 * Where the back office runs: `.retaguarda/run.json`, which the launcher writes, else `RABBITMQ_URL` with the services
 * on their default ports. Throws {@link NoRunningSystem} if neither is there.
 */
export async function findRunningSystem(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RunningSystem> {
  const file = join(directory, '.retaguarda', 'run.json');
  const written = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (written !== undefined) return systemIn(written, file);
  if (env.RABBITMQ_URL) return { brokerUrl: env.RABBITMQ_URL, stockUrl: 'http://127.0.0.1:3002' };
  throw new NoRunningSystem(
    'Nothing seems to be running here: there is no .retaguarda/run.json and RABBITMQ_URL is not set. Run npm start first.',
  );
}

function systemIn(written: string, file: string): RunningSystem {
  const { brokerUrl, storefrontUrl = brokerUrl, services = {} } = parsed(written, file);
  if (!storefrontUrl) throw new NoRunningSystem(`${file} names no broker. Run npm start again.`);
  const controlRoomUrl = services['control-room'];
  return {
    brokerUrl: storefrontUrl,
    stockUrl: services.stock ?? 'http://127.0.0.1:3002',
    ...(controlRoomUrl ? { controlRoomUrl } : {}),
  };
}

function parsed(written: string, file: string): Written {
  try {
    return JSON.parse(written) as Written;
  } catch {
    throw new NoRunningSystem(`${file} cannot be read as JSON. Run npm start again.`);
  }
}
