import { rulesOf } from './check.js';

const OUTBOX_LIMIT_MS = 60_000;

/** Each outbox row of each department. */
export const outboxRules = rulesOf<{ readonly ageMs: number }>('P2', {
  'outbox-drained': {
    sentence: 'What was committed is sent within a minute (ids are department/outbox row).',
    advice: 'Is the department running, the broker up and a queue bound? last_error of the row says what stopped it.',
    isBrokenBy: ({ ageMs }) => ageMs > OUTBOX_LIMIT_MS,
  },
});
