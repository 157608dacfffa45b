const STOREFRONT = 'storefront:';

/** The name under which a storefront holds money. No payment provider can have it: their names have no colon. */
export function storefrontOf(channel: string): string {
  return STOREFRONT + channel;
}

/** Money that is with the storefront, which pays it back itself when it is told so. */
export function isWithStorefront(provider: string): boolean {
  return provider.startsWith(STOREFRONT);
}
