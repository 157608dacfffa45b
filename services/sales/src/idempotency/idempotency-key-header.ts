import { BadRequestException } from '@nestjs/common';
import { Code, validate } from '@retaguarda/contracts';

class Header {
  @Code(200)
  key!: string;
}

/** The `Idempotency-Key` of a request, if it has one. Throws 400 that names the header. */
export function keyIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const verdict = validate(Header, { key: header });
  if ('event' in verdict) return verdict.event.key;
  const errors = verdict.reasons.map(({ problem }) => ({ field: 'Idempotency-Key', problem }));
  throw new BadRequestException({ message: 'The Idempotency-Key is not valid; see errors.', errors });
}
