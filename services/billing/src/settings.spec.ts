import { WrongSettings } from '@retaguarda/department';
import { BillingSettings } from './settings.js';

describe("billing's settings", () => {
  it('have a place where days begin and a patient boleto, and no secret', () => {
    const { webhookSecret, timeZone, boletoPaidAfterMs } = BillingSettings.read({});
    expect([webhookSecret, timeZone, boletoPaidAfterMs]).toEqual([undefined, 'America/Sao_Paulo', 3_000]);
    expect(BillingSettings.read({ BILLING_TIME_ZONE: 'America/Manaus' }).timeZone).toBe('America/Manaus');
  });

  it.each([
    ['BILLING_TIME_ZONE', 'America/São Paulo'],
    ['BILLING_TIME_ZONE', 'Mars/Olympus'],
    ['SIMULATED_BOLETO_SECONDS', 'soon'],
    ['SIMULATED_BOLETO_SECONDS', '-1'],
  ])('are refused at the start in one line when %s is %s', (name, value) => {
    const read = () => BillingSettings.read({ [name]: value });
    expect(read).toThrow(WrongSettings);
    expect(read).toThrow(new RegExp(`^${name} .*$`));
  });
});
