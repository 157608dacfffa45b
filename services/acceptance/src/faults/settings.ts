/** What the provider of the simulated payments signs with. */
export const WEBHOOK_SECRET = 'the secret of fault runs';

/** How every department of a fault run is set. */
export const SETTINGS: NodeJS.ProcessEnv = {
  FULFILLMENT_MODE: 'auto',
  SIMULATED_BOLETO_SECONDS: '1',
  BILLING_WEBHOOK_SECRET: WEBHOOK_SECRET,
};
