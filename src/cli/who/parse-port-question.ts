// `192.0.2.10:40123/tcp`: which port of which node is asked about.
import type { PortQuestion } from '../../core/analysis/port-answer.ts';
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import { MAX_PORT } from '../../core/model/port-range.ts';
import { protocolNumber } from '../../core/model/protocol.ts';
import type { TextForm } from '../flags/flag-reader.ts';

export const PORT_QUESTION: TextForm<PortQuestion> = {
  parse: (text) => {
    const [, bracketed, plain, portText = '', name] =
      /^(?:\[([\da-fA-F.:]+)\]|([\d.]+)):(\d{1,5})(?:\/(tcp|udp|sctp|icmp))?$/.exec(text) ?? [];
    const address = parseAddress(bracketed ?? plain ?? '');
    const port = Number(portText);
    if (address === undefined || portText === '' || port > MAX_PORT) return undefined;
    const protocol = name === undefined ? undefined : protocolNumber(name);
    return { address: formatAddress(address), port, ...(protocol === undefined ? {} : { protocol }) };
  },
  wanted: 'an address of the node and a port, for example 192.0.2.10:40123 or 192.0.2.10:40123/udp',
};
