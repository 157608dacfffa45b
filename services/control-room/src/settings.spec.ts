import { departments } from './audit/running-system.js';
import { readControlRoomSettings } from './settings.js';

const environment = {
  RETAGUARDA_STATE_DIR: '/nowhere',
  ...Object.fromEntries(
    departments.map((name) => [`AUDIT_${name.toUpperCase()}_URL`, `postgres://r:secret@127.0.0.1:1/${name}`]),
  ),
};

describe('the settings of the control room', () => {
  it('are the environment and sensible defaults', async () => {
    expect(await readControlRoomSettings({ ...environment, AUDIT_EVERY_SECONDS: '5' })).toMatchObject({
      ...{ port: 3_000, host: '127.0.0.1', settleMs: 60_000, deadlineMs: 3_600_000 },
      pace: { everyMs: 5_000, busyShare: 0.1 },
      system: { databases: { stock: 'postgres://r:secret@127.0.0.1:1/stock' } },
    });
  });

  it.each([
    ['AUDIT_EVERY_SECONDS', '0', 'a whole number from 1 to 86400'],
    ['AUDIT_BUSY_PERCENT', '101', 'a whole number from 1 to 100'],
    ['AUDIT_SETTLE_SECONDS', 'soon', 'a whole number'],
    ['PORT', '65536', 'a whole number'],
    ['AUDIT_STOCK_URL', 'secret', 'no postgres:// URL'],
    ['AUDIT_STOCK_URL', '', 'set AUDIT_STOCK_URL'],
  ])('are refused with a name when %s is "%s"', async (name, value, problem) => {
    const refused = readControlRoomSettings({ ...environment, [name]: value });
    await expect(refused).rejects.toMatchObject({ name: 'WrongSettings', message: expect.stringContaining(problem) });
    await expect(refused).rejects.toThrow(name);
    await expect(refused).rejects.not.toThrow('secret');
  });
});
