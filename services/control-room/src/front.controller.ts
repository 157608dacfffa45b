import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** Until there are pages, `/docs` is the one that people can read. */
@ApiExcludeController()
@Controller()
export class FrontController {
  @Get()
  @Redirect('/docs')
  front(): void {}
}
