import { rulesOf } from './check.js';

const OUTBOX_LIMIT_MS = 60_000;

/** Each outbox row of each department. */
export const outboxRules = rulesOf<{ readonly ageMs: number }>('P2', {
  'outbox-drained': {
    sentence: 'What was committed is sent and in the journal within a minute (ids are department/outbox row).',
    advice:
      'Is the department running, the broker up, a queue bound and the journal there? last_error of the row says what stopped it.',
    isBrokenBy: ({ ageMs }) => ageMs > OUTBOX_LIMIT_MS,
  },
});
