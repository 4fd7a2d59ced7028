// Who held a port, as the agent says it: one JSON document.
import type { PortHistory } from '../core/model/port-history.ts';

export const WHO_MESSAGE_SCHEMA = 'portolan.dev/who-message/v1';

export type WhoMessage = PortHistory & { readonly schema: typeof WHO_MESSAGE_SCHEMA };
