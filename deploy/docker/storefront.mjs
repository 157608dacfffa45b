/**
 * Makes the broker user of the storefront that is named as the argument, or finds it, and prints `user:password`:
 * `docker compose run --rm setup deploy/docker/storefront.mjs sample`
 */
import { ensureStorefront } from '@retaguarda/infrastructure';
import { broker } from './servers.mjs';

const { username, password } = new URL(await ensureStorefront(broker, broker.vhost, process.argv[2] ?? ''));
process.stdout.write(`${decodeURIComponent(username)}:${password}\n`);
