import type { Fault } from '../fault.js';

const ALARM_MS = 10_000;
const USUAL_MEMORY = '0.4';
const USUAL_DISK = '50MB';

export const alarms: Fault = {
  id: 'F5',
  title: 'memory and disk alarms',
  does: 'the broker has no memory, or no disk, to take messages with; HTTP orders must still be accepted',
  heals: 'the limits are as before',
  turns: ['memory', 'disk'],
  red: () => 'none',
  async strike({ servers, pause, storefront, complain, note }, turn) {
    if (turn === 'memory') await servers.rabbitmqctl('set_vm_memory_high_watermark', '0.00001');
    else await servers.rabbitmqctl('set_disk_free_limit', '100000GB');
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
