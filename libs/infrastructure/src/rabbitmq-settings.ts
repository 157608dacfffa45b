import { join } from 'node:path';
import type { BrokerPorts } from './ports.js';

/** The user that owns the broker; `guest` never exists, because a broker with a default user of its own does not make it. */
export const brokerUser = 'retaguarda';
export const systemVhost = 'retaguarda';

export interface BrokerPaths {
  root: string;
  config: string;
  plugins: string;
  advanced: string;
  pidFile: string;
  log: string;
}

export function brokerPaths(root: string): BrokerPaths {
  return {
    root,
    config: join(root, 'rabbitmq.conf'),
    plugins: join(root, 'enabled_plugins'),
    advanced: join(root, 'advanced.config'),
    pidFile: join(root, 'rabbitmq.pid'),
    log: join(root, 'start.log'),
  };
}

/** Only settings that 3.10 and 4.x both know: an unknown key keeps the broker from starting. */
export function brokerConfig(ports: Pick<BrokerPorts, 'amqp' | 'management'>, password: string): string {
  return [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    `default_user = ${brokerUser}`,
    `default_pass = ${password}`,
    `default_vhost = ${systemVhost}`,
    'log.file.level = warning',
    '',
  ].join('\n');
}

/**
 * Idle schedulers would spin for work and take the processor from the departments beside them.
 * https://www.rabbitmq.com/docs/runtime#busy-waiting
 */
const withoutBusyWaiting = '+sbwt none +sbwtdcpu none +sbwtdio none';

/** An entry of the journal has 4 MB at most; what a storefront sends is parked from 1 MB on. The default is 128 MiB on 3.10. */
const largestMessage = '-rabbit max_message_size 5000000';

/** Everything that would otherwise come from /etc/rabbitmq, /var/lib/rabbitmq or the caller's environment. */
export function brokerEnvironment(root: string, ports: BrokerPorts, path: string): NodeJS.ProcessEnv {
  const paths = brokerPaths(root);
  return {
    PATH: path,
    HOME: root,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: 'retaguarda@localhost',
    RABBITMQ_CONFIG_FILE: paths.config,
    RABBITMQ_ADVANCED_CONFIG_FILE: paths.advanced,
    RABBITMQ_ENABLED_PLUGINS_FILE: paths.plugins,
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_MNESIA_BASE: join(root, 'data'),
    RABBITMQ_LOG_BASE: join(root, 'log'),
    RABBITMQ_PID_FILE: paths.pidFile,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `-kernel inet_dist_use_interface {127,0,0,1} ${largestMessage} ${withoutBusyWaiting}`,
    // A name server of our own: the machine's epmd on 4369 is neither needed nor told about this node.
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_CRASH_DUMP: join(root, 'erl_crash.dump'),
    ERL_CRASH_DUMP_SECONDS: '0',
  };
}
