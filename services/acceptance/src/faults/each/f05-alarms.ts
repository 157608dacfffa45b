import type { Fault, Scene } from '../fault.js';

const ALARM_MS = 10_000;
const RAISED_WITHIN_MS = 30_000;
const LOOK_MS = 300;
const USUAL_MEMORY = '0.4';
const USUAL_DISK = '50MB';

export const alarms: Fault = {
  id: 'F5',
  title: 'memory and disk alarms',
  does: 'the broker has no memory, or no disk, to take messages with; HTTP orders must still be accepted',
  heals: 'the limits are as before',
  turns: ['memory', 'disk'],
  red: () => 'none',
  async strike(scene, turn) {
    const { servers, pause, storefront, complain, note } = scene;
    if (turn === 'memory') await servers.rabbitmqctl('set_vm_memory_high_watermark', '0.00001');
    else await servers.rabbitmqctl('set_disk_free_limit', '100000GB');
    await untilRaised(scene, turn === 'memory' ? 'mem_alarm' : 'disk_free_alarm');
    const before = storefront.acceptedOverHttp;
    await pause(ALARM_MS);
    const taken = storefront.acceptedOverHttp - before;
    note(`${taken} orders accepted over HTTP during the alarm`);
    if (taken === 0) complain('no order was accepted over HTTP during the alarm');
    return async () => {
      if (turn === 'memory') await servers.rabbitmqctl('set_vm_memory_high_watermark', USUAL_MEMORY);
      else await servers.rabbitmqctl('set_disk_free_limit', USUAL_DISK);
    };
  },
};

/** Without it the run would show nothing. */
async function untilRaised({ servers, pause, complain, patience }: Scene, alarm: keyof NodeAlarms): Promise<void> {
  const begin = Date.now();
  for (;;) {
    const nodes = (await servers.manage('GET', 'nodes')) as NodeAlarms[];
    if (nodes.some((node) => node[alarm])) return;
    if (Date.now() - begin > RAISED_WITHIN_MS * patience) return complain('the broker raised no alarm');
    await pause(LOOK_MS);
  }
}

interface NodeAlarms {
  readonly mem_alarm: boolean;
  readonly disk_free_alarm: boolean;
}
