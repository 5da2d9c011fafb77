// https://docs.nestjs.com/security/authentication, /guards, /exception-filters
import 'reflect-metadata';
import {
  Body,
  type CanActivate,
  type ArgumentsHost,
  BadRequestException,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  ForbiddenException,
  Get,
  HttpException,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Param,
  type PipeTransform,
  Post,
  Put,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import {
  chat,
  failure,
  forbidden,
  hasScope,
  inputs,
  invalidInput,
  invalidKey,
  isValidInput,
  missingKey,
  notFound,
  ready,
  validKey,
} from '../huechat.js';
import { limits } from '../operations.js';

@Injectable()
class AuthGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request & { key?: object }>();
    const value = this.extractKeyFromHeader(request);
    if (!value) throw new UnauthorizedException(request.headers.authorization ? invalidKey : missingKey);
    const key = validKey(value, request.ip);
    if (!key) throw new UnauthorizedException(invalidKey);
    request.key = key;
    return true;
  }

  private extractKeyFromHeader(request: Request): string | undefined {
    const [type, token] = request.headers.authorization?.split(' ') ?? [];
    return request.get('X-API-Key') || (type === 'Bearer' ? token : undefined);
  }
}

const Scope = (name: string) => SetMetadata('scope', name);

@Injectable()
class ScopesGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const scope = this.reflector.getAllAndOverride<string>('scope', [context.getHandler(), context.getClass()]);
    const { key } = context.switchToHttp().getRequest();
    if (!hasScope(key, scope)) throw new ForbiddenException(forbidden(scope, key));
    return true;
  }
}

@Injectable()
class InputPipe implements PipeTransform {
  constructor(private readonly schema: (typeof inputs)[keyof typeof inputs]) {}

  transform(value: unknown): object {
    if (!isValidInput(this.schema, value)) throw new BadRequestException(invalidInput());
    return value as object;
  }
}

function found<Body>(body: Body | undefined): Body {
  if (body === undefined) throw new NotFoundException(notFound);
  return body;
}

@Controller()
class ChatController {
  @Get('contacts')
  @Scope('contacts:read')
  listContacts(): object {
    return chat.listContacts();
  }

  @Post('contact')
  @Scope('contacts:write')
  createContact(@Body(new InputPipe(inputs.contact)) body: object): object {
    return chat.createContact(body);
  }

  @Get('contact/:id')
  @Scope('contacts:read')
  getContact(@Param('id') id: string): object {
    return found(chat.getContact(id));
  }

  @Put('contact/:id')
  @Scope('contacts:write')
  updateContact(@Param('id') id: string, @Body(new InputPipe(inputs.contact)) body: object): object {
    return found(chat.updateContact(id, body));
  }

  @Post('contact/:id/message')
  @Scope('conversations:write')
  sendMessage(@Param('id') id: string, @Body(new InputPipe(inputs.message)) body: object): object {
    return found(chat.sendMessage(id, body));
  }

  @Get('conversations')
  @Scope('conversations:read')
  listConversations(): object {
    return chat.listConversations();
  }

  @Get('conversation/:id')
  @Scope('conversations:read')
  getConversation(@Param('id') id: string): object {
    return found(chat.getConversation(id));
  }

  @Get('conversation/:id/messages')
  @Scope('conversations:read')
  listMessages(@Param('id') id: string): object {
    return found(chat.listMessages(id));
  }

  @Post('webhooks')
  @Scope('webhooks:manage')
  createWebhook(@Body(new InputPipe(inputs.webhook)) body: object): object {
    return chat.createWebhook(body);
  }

  @Get('channels/whatsapp/templates')
  @Scope('channels:read')
  listWhatsappTemplates(): object {
    return chat.listWhatsappTemplates();
  }
}

/** Gives Nest's own exceptions, such as of its router and its body parser, the body that the API documents. */
@Catch()
class ErrorFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    const body = exception instanceof HttpException ? exception.getResponse() : failure;
    const documented = typeof body === 'object' && 'code' in body ? body : this.bodyOf(status);
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.status(status).json(documented);
  }

  private bodyOf(status: number): object {
    if (status === 404) return notFound;
    return status < 500 ? { ...invalidInput(), code: status } : failure;
  }
}

@Module({
  controllers: [ChatController],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: ScopesGuard },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
app.setGlobalPrefix('v2');
app.use(rateLimit(limits));
await app.listen(0, '127.0.0.1');
ready(app.getHttpServer().address().port);
