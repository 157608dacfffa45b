import { FaultServers } from './servers.js';
import { runFault } from './run.js';
import { faults } from './faults.js';
const s = await FaultServers.start('.retaguarda/faults/servers', console.log);
const only = (process.argv[2] ?? '').split(',');
try {
  for (const f of faults.filter((f) => only.includes(f.id)))
    for (const turn of f.turns) {
      const r = await runFault(f, turn, {
        servers: s,
        name: 'fault',
        historyFile: '/tmp/h-faults/h.jsonl',
        seed: `7/${f.id}/${turn}`,
        ordersPerSecond: 20,
      });
      console.log(
        JSON.stringify(
          {
            ...r,
            verdict: {
              ...r.verdict,
              lost: r.verdict.lost.slice(0, 5),
              duplicated: r.verdict.duplicated.slice(0, 5),
              unexpected: r.verdict.unexpected.slice(0, 5),
              n: [r.verdict.lost.length, r.verdict.duplicated.length, r.verdict.unexpected.length],
            },
          },
          null,
          1,
        ),
      );
    }
} finally {
  await s.stop();
}
