import type { Fault } from '../fault.js';

export const brokerKilled: Fault = {
  id: 'F2',
  title: 'broker killed',
  does: 'kill -9 of the RabbitMQ node under load; it stays away for some seconds',
  heals: 'started again with the same data',
  turns: ['8 s', '2 s'],
  red: () => 'all',
  async strike(scene, turn) {
    scene.servers.killBroker();
    await scene.pause(Number.parseInt(turn) * 1_000);
    return () => scene.servers.revive();
  },
};
