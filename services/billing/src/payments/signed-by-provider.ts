import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable, ServiceUnavailableException, UnauthorizedException } from '@nestjs/common';
import { Messaging } from '@retaguarda/messaging';
import { BillingSettings } from '../settings.js';
import { distrust } from './signature.js';

interface RawRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody?: Buffer;
}

/** Lets callbacks through whose raw body is signed with the secret that the provider and billing share. */
@Injectable()
export class SignedByProvider implements CanActivate {
  constructor(
    private readonly settings: BillingSettings,
    private readonly messaging: Messaging,
  ) {}

  canActivate(context: ExecutionContext): true {
    const secret = this.settings.webhookSecret;
    if (!secret)
      throw new ServiceUnavailableException('BILLING_WEBHOOK_SECRET is not set, so no callback can be trusted.');
    const { headers, rawBody: body = Buffer.alloc(0) } = context.switchToHttp().getRequest<RawRequest>();
    const header = (name: string) => String(headers[name] ?? '');
    const [id, timestamp, signature] = [header('webhook-id'), header('webhook-timestamp'), header('webhook-signature')];
    const problem = distrust({ id, timestamp, signature, body }, secret, this.messaging.settings.clock.now());
    if (problem) throw new UnauthorizedException(`The callback is not believed: ${problem}.`);
    return true;
  }
}
