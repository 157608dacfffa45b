import { WrongSettings } from '@retaguarda/department';

/**
 * `FULFILLMENT_MODE`: `manual` (people pick, pack and dispatch; the default) or `auto` (a built-in worker does it at
 * once, by the same rules).
 */
export class FulfillmentMode {
  constructor(readonly isAuto: boolean) {}

  /** @throws WrongSettings for any other word */
  static from(environment: NodeJS.ProcessEnv): FulfillmentMode {
    const mode = environment['FULFILLMENT_MODE'] || 'manual';
    if (mode !== 'manual' && mode !== 'auto') throw new WrongSettings('FULFILLMENT_MODE must be manual or auto');
    return new FulfillmentMode(mode === 'auto');
  }
}
