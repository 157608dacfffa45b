import { IsEmail, Matches } from 'class-validator';
import { Means, Optional, Text } from '../rules.js';

/** Who buys. */
export class Customer {
  @Text(200)
  name!: string;

  @Means('tax number, such as a CPF or CNPJ, with or without punctuation')
  @Optional()
  @Matches(/^[0-9A-Za-z./-]{1,20}$/, { message: 'must be 1 to 20 letters, digits, dots, slashes and hyphens' })
  document?: string;

  @Optional()
  @IsEmail({}, { message: 'must be an e-mail address' })
  @Text(254)
  email?: string;

  @Optional()
  @Text(40)
  phone?: string;
}
