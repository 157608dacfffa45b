import type { Fault } from '../fault.js';

export const recovery: Fault = {
  id: 'F17',
  title: "one service's database set back",
  does: 'the database of one department is restored to a state of some minutes ago',
  heals: 'the audit lists every divergence, and npm run replay heals it',
  turns: ['any department'],
  isMissing: () => 'npm run replay is not part of the product yet',
  strike: () => Promise.reject(new Error('npm run replay is not part of the product yet')),
};
