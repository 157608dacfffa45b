import type { Fault } from '../fault.js';
import type { Line } from '../network/lines.js';

const SEVERED_MS = 12_000;
const SLOW_MS = 6_000;
const CUTS = 5;
const LARGEST_PIECE_BYTES = 60;

const ways = ['black hole', 'half-open', 'reset', 'cut mid-frame', 'slow'] as const;

/** Every service speaks over lines of ours, in which something goes wrong. */
export const network: Fault = {
  id: 'F4',
  title: 'network between services and servers',
  does: 'the lines to the broker or to the database swallow everything, lose their far end, are reset, cut in the middle of a frame, or slow',
  heals: 'the lines are mended; what lost its far end is told so',
  turns: ways.flatMap((way) => [`broker: ${way}`, `database: ${way}`]),
  overLines: true,
  red: (turn) => (turn === 'database: black hole' || turn === 'database: half-open' ? 'all' : undefined),
  async strike({ lines, pause, chance, note, complain }, turn) {
    const [server, way] = turn.split(': ') as ['broker' | 'database', (typeof ways)[number]];
    const line = lines![server];
    note(`${line.connections} connections to the ${server}`);
    if (line.connections === 0) complain(`nobody speaks to the ${server} over the line`);
    if (way === 'reset' || way === 'cut mid-frame') {
      for (let cut = 0; cut < CUTS; cut += 1) {
        breakOff(line, way, chance.whole(1, LARGEST_PIECE_BYTES));
        await pause(chance.whole(400, 2_000));
      }
    } else {
      line.become(way);
      await pause(way === 'slow' ? SLOW_MS : SEVERED_MS);
    }
    return () => Promise.resolve(line.become('open'));
  },
};

function breakOff(line: Line, way: 'reset' | 'cut mid-frame', bytes: number): void {
  if (way === 'reset') line.reset();
  else line.cutAfter(bytes);
}
