import { Code, Country, Means, Optional, Text } from '../rules.js';

/** A postal address. */
export class Address {
  @Text(200)
  street!: string;

  @Optional()
  @Text(20)
  number?: string;

  @Optional()
  @Text(200)
  complement?: string;

  @Optional()
  @Text(100)
  district?: string;

  @Text(100)
  city!: string;

  @Means('state, province or region, as its post writes it')
  @Text(100)
  state!: string;

  @Code(20)
  postalCode!: string;

  @Country()
  country!: string;
}
