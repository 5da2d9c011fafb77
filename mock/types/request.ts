import type { EnvironmentName, Operation } from './api.ts';
import type { IncomingRequest } from './http.ts';
import type { ServerState } from './state.ts';

/** A request as the stages of a behaviour see it. */
export interface MockRequest extends IncomingRequest {
  readonly state: ServerState;
  /** The environment whose listener took the request. */
  readonly environment: EnvironmentName;
  readonly isEncrypted: boolean;
  /** Host and port of a target in absolute form. */
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string;
  /** The operation that the client probably means, however strange the path is: where a confined defect applies. */
  readonly operation: Operation | undefined;
}
