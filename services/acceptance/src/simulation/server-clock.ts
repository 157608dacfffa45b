import type { Extension } from '@electric-sql/pglite';

export interface ServerClock {
  /** Milliseconds since 1970. */
  readonly ms: number;
}

type Imports = Record<string, Record<string, (...args: never[]) => unknown>>;

/** What an embedded server is made with, as far as this is concerned. */
interface Making {
  readonly wasmMemory: { readonly buffer: ArrayBuffer };
  readonly instantiateWasm: (imports: Imports, done: unknown) => unknown;
}

const REALTIME = 0;
const NANOSECONDS_OF_A_MILLISECOND = 1_000_000n;

/**
 * Gives an embedded Postgres the time of a clock in place of the machine's, at the two places where it asks: so `now()`,
 * `clock_timestamp()`, `current_date` and all others follow the clock. It sets itself no alarm, for they would ring in
 * the machine's time.
 */
export function timeOf(clock: ServerClock): Extension {
  const withTime = (making: Making): Making => ({
    ...making,
    instantiateWasm: (imports, done) => {
      const real = imports['wasi_snapshot_preview1']!['clock_time_get']! as (...args: unknown[]) => number;
      const clock_time_get = (id: number, precision: bigint, at: number) => {
        if (id !== REALTIME) return real(id, precision, at);
        const ns = BigInt(clock.ms) * NANOSECONDS_OF_A_MILLISECOND;
        new DataView(making.wasmMemory.buffer).setBigUint64(at, ns, true);
        return 0;
      };
      const wasi = { ...imports['wasi_snapshot_preview1'], clock_time_get };
      const env = { ...imports['env'], emscripten_date_now: () => clock.ms, _setitimer_js: () => 0 };
      return making.instantiateWasm({ ...imports, env, wasi_snapshot_preview1: wasi }, done);
    },
  });
  return { name: 'time', setup: async (_server, making: Making) => ({ emscriptenOpts: withTime(making) }) };
}
