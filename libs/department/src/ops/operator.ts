import { createParamDecorator, UnprocessableEntityException, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const LONGEST = 100;

/**
 * Who presses: the header `x-operator` (`x-actor` is taken as well), as the caller states it. There is no log-in at the
 * operations door yet, so it is a note and no proof. Undefined when neither header says a name of 1 to 100 characters.
 */
export const Operator = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  const said = [headers['x-operator'], headers['x-actor']].find((header) => typeof header === 'string');
  const name = typeof said === 'string' ? said.trim() : '';
  return name === '' || name.length > LONGEST ? undefined : name;
});

/** Who presses a button that must not be pressed namelessly; else 422. */
export function named(by: string | undefined, operator: string | undefined): string {
  const name = by ?? operator;
  if (name !== undefined) return name;
  const errors = [{ field: 'by', problem: 'must say who: here or in the header x-operator' }];
  throw new UnprocessableEntityException({ message: 'The body is not valid; see errors.', errors });
}
