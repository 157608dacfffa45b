import { EventEmitter } from 'node:events';
import pg from 'pg';
import { parse, serialize } from 'pg-protocol';

/** Says what a server answers to bytes of the wire protocol, up to the point where it is ready again. */
export type Ask = (bytes: Uint8Array) => Buffer;

/** What is in an answer, as far as this is concerned. */
interface Message {
  readonly name: string;
  /** Of a row: a text for each column. */
  readonly fields: (string | null)[];
  /** Of a completed command: `INSERT 0 1`. */
  readonly text: string;
}

/** The part of `pg` that makes values of what the server said. */
interface Decoder {
  addFields(fields: unknown): void;
  parseRow(row: (string | null)[]): Record<string, unknown>;
  readonly fields: unknown[];
}

const { Result, utils } = pg as unknown as {
  readonly Result: new () => Decoder;
  readonly utils: { prepareValue(value: unknown): unknown };
};

/** Prepared once: its name in the session, and what its rows look like once the server has said so. */
class Statement {
  isPrepared = false;
  decoder: Decoder | undefined;

  constructor(
    private readonly name: string,
    private readonly text: string,
  ) {}

  asking(values: unknown[]): Buffer {
    const { name, text } = this;
    return Buffer.concat([
      ...(this.isPrepared ? [] : [serialize.parse({ name, text })]),
      serialize.bind({ statement: name, values, valueMapper: utils.prepareValue }),
      ...(this.decoder ? [] : [serialize.describe({ type: 'P' })]),
      serialize.execute({}),
      serialize.sync(),
    ]);
  }
}

const PREPARABLE = /^\s*(select|insert|update|delete|with|start transaction|commit|rollback)\b[^;]*$/i;
let clients = 0;

/**
 * Prepares each statement once, whoever asks: most of the work of a small one is to parse and to plan it. As the answer
 * is there at once, it is read without the events and queues that `pg` needs for a socket; all else goes as `pg` does it.
 */
export class PreparingClient extends pg.Client {
  private readonly statements = new Map<string, Statement | undefined>();
  private readonly prefix = `c${(clients += 1)}s`;
  private readonly answers = new EventEmitter();
  private messages: Message[] = [];

  constructor(config: pg.ClientConfig & { readonly ask: Ask }) {
    super(config);
    void parse(this.answers as unknown as NodeJS.ReadableStream, (message) => {
      this.messages.push(message as unknown as Message);
    });
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    Object.assign(this, {
      query: (asked: unknown, values?: unknown, ...rest: unknown[]) => {
        const statement = typeof asked === 'string' && typeof values !== 'function' && this.statementOf(asked);
        return statement ? this.run(config.ask, statement, values as unknown[]) : query(asked, values, ...rest);
      },
    });
  }

  private async run(ask: Ask, statement: Statement, values: unknown[] = []): Promise<unknown> {
    this.messages = [];
    this.answers.emit('data', ask(statement.asking(values)));
    const { messages } = this;
    statement.isPrepared ||= messages.some(({ name }) => name === 'parseComplete');
    const error = messages.find(({ name }) => name === 'error');
    if (error) throw error as unknown as Error;
    const decoder = (statement.decoder ??= decoderOf(messages));
    const rows = messages.filter(({ name }) => name === 'dataRow').map(({ fields }) => decoder.parseRow(fields));
    const [command, ...counts] = messages.find(({ name }) => name === 'commandComplete')!.text.split(' ');
    const rowCount = counts.length > 0 ? Number(counts.at(-1)) : null;
    return { command, rowCount, rows, fields: decoder.fields, oid: null };
  }

  /** The clients' statements are all in one session, so each client has names of its own. */
  private statementOf(text: string): Statement | undefined {
    const { statements, prefix } = this;
    if (!statements.has(text))
      statements.set(text, PREPARABLE.test(text) ? new Statement(`${prefix}${statements.size}`, text) : undefined);
    return statements.get(text);
  }
}

function decoderOf(messages: readonly Message[]): Decoder {
  const decoder = new Result();
  const description = messages.find(({ name }) => name === 'rowDescription');
  if (description) decoder.addFields(description.fields);
  return decoder;
}
