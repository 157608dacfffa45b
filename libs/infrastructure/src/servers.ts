import type { Home } from './home.js';

/** A RabbitMQ that answers. `url` is `amqp://user:password@host:port` without a virtual host. */
export interface Broker {
  url: string;
  /** `http://host:port` of the management API; undefined when a broker from the environment does not offer it. */
  managementUrl: string | undefined;
  user: string;
  password: string;
  /** The virtual host that the system uses: `retaguarda`, or the one that `RABBITMQ_URL` names (`/` when it names none). */
  vhost: string;
  origin: 'environment' | 'docker' | 'private';
  /** Operating system processes that `stop()` ends; empty when nothing was started on this machine. */
  pids: number[];
  describe: string;
}

/** A Postgres that answers. `adminUrl` may create roles and databases, and names the maintenance database. */
export interface Database {
  adminUrl: string;
  origin: 'environment' | 'docker' | 'private' | 'embedded';
  /** Operating system processes that `stop()` ends; empty when nothing was started on this machine. */
  pids: number[];
  describe: string;
}

/** A server together with the way to stop it: a no-op for servers that somebody else started. */
export interface Running<Server> {
  server: Server;
  stop(): Promise<void>;
}

export type Report = (line: string) => void;

/** Where a private server lives, and whether its data outlive it. */
export interface Place {
  home: Home;
  isDurable: boolean;
  report: Report;
}
