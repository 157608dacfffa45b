import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDatabase, ensureVhost, findInfrastructure, removeInfrastructure } from '@retaguarda/infrastructure';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const departments = ['sales', 'stock', 'fulfillment', 'invoicing', 'billing'];
const upBoundMs = 900_000;
const project = 'retaguarda-acceptance';
const password = 'of-this-test-only';
const services = [...departments, 'control-room'];
const ports = ['AMQP', 'MANAGEMENT', 'POSTGRES', ...services.map((name) => name.toUpperCase().replace('-', '_'))];
const settings = {
  COMPOSE_PROJECT_NAME: project,
  RETAGUARDA_BROKER_PASSWORD: password,
  RETAGUARDA_DATABASE_PASSWORD: password,
  BILLING_WEBHOOK_SECRET: password,
  FULFILLMENT_MODE: 'auto',
  DOCKER_BUILDKIT: '1',
  COMPOSE_DOCKER_CLI_BUILD: '1',
  ...Object.fromEntries(ports.map((name) => [`RETAGUARDA_${name}_PORT`, '0'])),
};

const run = (program: string, args: string[]) =>
  execFileSync(program, args, {
    ...{ cwd: repository, env: { ...process.env, ...settings } },
    ...{ encoding: 'utf8', stdio: 'pipe', maxBuffer: 50_000_000 },
  });
const isPlugin = spawnSync('docker', ['compose', 'version']).status === 0;
const compose = (...args: string[]) => (isPlugin ? run('docker', ['compose', ...args]) : run('docker-compose', args));
const address = (service: string, port: number) => compose('port', service, String(port)).trim();
const ask = async (service: string, port: number, path: string, body?: unknown) => {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`http://${address(service, port)}${path}`, body === undefined ? {} : json);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

/** Brings everything up; resolves when the engine has found every service healthy. */
async function companyIsUp(...args: string[]): Promise<void> {
  const format = '{{.Action}} {{index .Actor.Attributes "com.docker.compose.service"}}';
  const filters = ['--filter', 'event=health_status', '--filter', `label=com.docker.compose.project=${project}`];
  const events = spawn('docker', ['events', '--format', format, ...filters], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(events.stdout);
  const missing = new Set(services);
  const allHealthy = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const [, service = ''] = /^health_status: healthy (.+)$/.exec(line) ?? [];
      missing.delete(service);
      if (missing.size === 0) resolve();
    });
  });
  try {
    compose('up', '-d', ...args);
    await allHealthy;
  } finally {
    events.kill();
  }
}

const engine = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { encoding: 'utf8', timeout: 5_000 });
const reason =
  process.env.RETAGUARDA_TEST_DOCKER !== '1'
    ? 'RETAGUARDA_TEST_DOCKER=1 is not set (it builds an image and takes minutes)'
    : engine.status !== 0 && 'no Docker engine answers';

if (reason) {
  it(`the company in containers is not exercised: ${reason}`, () => {
    process.stdout.write(`docker-compose.yml is not exercised: ${reason}\n`);
  });
} else {
  describe('the company in containers', () => {
    beforeAll(() => companyIsUp('--build'), upBoundMs);
    afterAll(() => void compose('down', '--volumes'), upBoundMs);

    it('takes an order from the storefront to its end', async () => {
      const lines = [{ sku: '85123A', name: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 10 }];
      const received = await ask('stock', 3002, '/receipts', { reference: 'compose-1', lines });
      expect(received.status).toBeLessThan(300);
      const account = compose('run', '--rm', '-T', 'setup', 'deploy/docker/storefront.mjs', 'sample').trim();
      const broker = `amqp://${account.split('\n').at(-1)}@${address('rabbitmq', 5672)}/retaguarda`;
      expect(new URL(broker).username).toBe('storefront.sample');
      const storefront = join(repository, 'deploy', 'local', 'sample', 'storefront-in-20-lines.mjs');
      const env = { ...process.env, RABBITMQ_URL: broker };
      const outcome = spawnSync(process.execPath, [storefront], { env, encoding: 'utf8', timeout: 50_000 });
      expect(outcome.stdout + outcome.stderr).toContain("type: 'sales.order-completed.v1'");
    });

    it('audits itself, and the control room has no key to write with', async () => {
      const answer = await fetch(`http://${address('control-room', 3000)}/api/audit`, { method: 'POST' });
      expect(await answer.json()).toMatchObject({ clean: true, orders: 1, unread: [], notes: [] });
      const settings = compose('exec', '-T', 'control-room', 'cat', '/run/retaguarda/department.env');
      const accounts = [...settings.matchAll(/^\w+_URL=\w+:\/\/([^:]+):[^@\n]+@/gm)].map(([, user]) => user);
      expect(accounts).toEqual([...departments.map(() => 'retaguarda_audit'), 'monitor']);
    });

    it('gives a department no key but its own, and no way to change the program', () => {
      expect(run('docker', ['inspect', compose('ps', '-q', 'stock').trim()])).not.toContain(password);
      const keys = compose(
        'exec',
        '-T',
        'stock',
        'sh',
        '-c',
        'ls -R /run/retaguarda && touch /retaguarda/x || echo no',
      );
      expect(keys.trim().split('\n').slice(1)).toEqual(['department.env', 'no']);
      const settings = compose('exec', '-T', 'stock', 'cat', '/run/retaguarda/department.env');
      const accounts = [...settings.matchAll(/^(\w+_URL)=\w+:\/\/([^:]+):/gm)].map(([, name, user]) => [name, user]);
      expect(Object.fromEntries(accounts)).toEqual({
        ...{ DATABASE_URL: 'retaguarda_stock', RABBITMQ_URL: 'stock', RABBITMQ_PUBLISH_URL: 'stock.publisher' },
      });
    });

    it(
      'stops within thirty seconds and still has its books when it comes up again',
      async () => {
        const begin = performance.now();
        compose('stop', ...services);
        expect(performance.now() - begin).toBeLessThan(30_000);
        const codes = services.map((name) => compose('ps', '-a', '-q', name).trim()).map(exitCode);
        expect(codes).toEqual(services.map(() => '0'));
        compose('stop');
        await companyIsUp();
        expect((await ask('stock', 3002, '/items/85123A')).body).toMatchObject({ onHand: 9, reserved: 0 });
        const { body } = await ask('sales', 3001, '/orders?status=completed');
        expect(JSON.stringify(body)).toContain('example-shop');
      },
      upBoundMs,
    );
  });

  describe('the broker and the database that npm start takes from docker-compose.yml', () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'compose-spec-'));
    const report = (line: string) => void process.stdout.write(`${line}\n`);
    afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

    it(
      'come without any preparation, and leave nothing behind after npm run reset',
      async () => {
        const volumes = run('docker', ['volume', 'ls', '-q']);
        const { broker, database, stop } = await findInfrastructure({ stateDir, docker: true, report });
        expect([broker.origin, database.origin]).toEqual(['docker', 'docker']);
        expect(await ensureVhost(broker, broker.vhost)).toMatch(/^amqp:.*\/retaguarda$/);
        expect(await ensureDatabase(database, 'retaguarda_sales')).toContain('/retaguarda_sales');
        await stop();
        await removeInfrastructure({ stateDir, report });
        expect(run('docker', ['volume', 'ls', '-q'])).toBe(volumes);
      },
      upBoundMs,
    );
  });
}

function exitCode(id: string): string {
  return run('docker', ['inspect', '--format', '{{.State.ExitCode}}', id]).trim();
}
