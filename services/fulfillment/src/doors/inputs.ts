import type { PipeTransform } from '@nestjs/common';
import { BadRequestException, Body, Param, ParseUUIDPipe, UnprocessableEntityException } from '@nestjs/common';
import { validate } from '@retaguarda/contracts';

/** A UUID in the path; else 400 that names it. */
export function UuidParam(name: string): ParameterDecorator {
  const exceptionFactory = () =>
    new BadRequestException({
      message: 'The address is not valid; see errors.',
      errors: [{ field: name, problem: 'must be a UUID' }],
    });
  return Param(name, new ParseUUIDPipe({ exceptionFactory }));
}

/** A request body of the given class that may be left out altogether; else 422 with each field. */
export function OptionalBody(shape: new () => object): ParameterDecorator {
  return Body(new ValidOrEmpty(shape));
}

class ValidOrEmpty implements PipeTransform {
  constructor(private readonly shape: new () => object) {}

  transform(value: unknown): object {
    const verdict = validate(this.shape, value ?? {});
    if ('event' in verdict) return verdict.event;
    const errors = verdict.reasons;
    throw new UnprocessableEntityException({ message: 'The body is not valid; see errors.', errors });
  }
}
