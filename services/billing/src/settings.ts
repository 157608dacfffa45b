import { WrongSettings } from '@retaguarda/department';

const SECOND_MS = 1_000;

/** What billing reads from its environment beside what every department reads. */
export class BillingSettings {
  constructor(
    /**
     * What the payment provider signs its callbacks with: `whsec_` and base64, as Standard Webhooks writes it, or any
     * text. There is no default: without it nobody can hand in a payment.
     */
    public webhookSecret: string | undefined,
    /** Where a day begins for due dates; an IANA name. */
    readonly timeZone: string,
    /** How long the simulated provider lets a boleto wait for its payment. */
    readonly boletoPaidAfterMs: number,
  ) {}

  /** Reads `BILLING_WEBHOOK_SECRET`, `BILLING_TIME_ZONE` and `SIMULATED_BOLETO_SECONDS`. Throws `WrongSettings`. */
  static read(environment: NodeJS.ProcessEnv): BillingSettings {
    const boletoSeconds = Number(environment['SIMULATED_BOLETO_SECONDS'] || 3);
    if (!(boletoSeconds >= 0))
      throw new WrongSettings('SIMULATED_BOLETO_SECONDS must be a number of seconds, 0 or more');
    return new BillingSettings(
      environment['BILLING_WEBHOOK_SECRET'] || undefined,
      timeZoneIn(environment['BILLING_TIME_ZONE'] || 'America/Sao_Paulo'),
      boletoSeconds * SECOND_MS,
    );
  }
}

function timeZoneIn(name: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    throw new WrongSettings('BILLING_TIME_ZONE must be an IANA time zone, such as America/Sao_Paulo');
  }
}
