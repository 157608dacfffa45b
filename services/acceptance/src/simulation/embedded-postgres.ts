import { PGlite } from '@electric-sql/pglite';
import { EventEmitter } from 'node:events';
import { PreparingClient, type Ask } from './preparing-client.js';
import { timeOf, type ServerClock } from './server-clock.js';

const SETTINGS = {
  shared_buffers: '8MB',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '64MB',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/**
 * A Postgres in this process: the server's own code, built for WebAssembly, on a file system in memory. An answer costs
 * no system call. It has one session, so its transactions come one after the other; each is a real one.
 */
export class EmbeddedPostgres {
  private constructor(private readonly server: PGlite) {}

  /**
   * Several with nothing in them. The first is initialised, which takes a second or two; the others are copies.
   *
   * @param clock the only time they know
   */
  static async openAll(count: number, clock: ServerClock): Promise<EmbeddedPostgres[]> {
    const startParams = [
      ...PGlite.defaultStartParams,
      ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const extensions = { time: timeOf(clock) };
    const first = await PGlite.create({ startParams, extensions });
    const loadDataDir = await first.dumpDataDir('none');
    const servers = [first];
    while (servers.length < count) servers.push(await PGlite.create({ startParams, extensions, loadDataDir }));
    return servers.map((server) => new EmbeddedPostgres(server));
  }

  /** What a client or a pool of `pg` needs to reach it. All clients share the one session: use one at a time. */
  get access() {
    const ask: Ask = (bytes) => this.answer(bytes);
    return { Client: PreparingClient, user: 'postgres', database: 'postgres', stream: () => new Line(ask), ask };
  }

  /** The work is done before the call comes back; its answer is not looked at on the way. */
  private answer(bytes: Uint8Array): Buffer {
    const parts: Buffer[] = [];
    const onRawData = (part: Uint8Array) => parts.push(Buffer.from(part));
    void this.server.execProtocolRawStream(bytes, { syncToFs: false, onRawData });
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}

/** What `pg` takes for a socket: the answer to what is written is there at once. */
class Line extends EventEmitter {
  readonly writable = true;
  private corked: Buffer[] | undefined;

  constructor(private readonly ask: Ask) {
    super();
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'));
    return this;
  }

  cork(): void {
    this.corked = [];
  }

  uncork(): void {
    const bytes = this.corked ?? [];
    this.corked = undefined;
    if (bytes.length > 0) this.send(bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes));
  }

  write(bytes: Buffer, done?: () => void): boolean {
    if (this.corked) this.corked.push(bytes);
    else this.send(bytes);
    done?.();
    return true;
  }

  end(_bytes?: Buffer, done?: () => void): void {
    done?.();
    queueMicrotask(() => this.emit('close'));
  }

  destroy(): void {
    this.end();
  }

  readonly setNoDelay = () => this;
  readonly setKeepAlive = () => this;
  readonly ref = () => this;
  readonly unref = () => this;

  private send(bytes: Buffer): void {
    const answer = this.ask(bytes);
    queueMicrotask(() => this.emit('data', answer));
  }
}
