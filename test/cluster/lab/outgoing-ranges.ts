// The ports that a node's rules for pods going out allow, as the kernel's own programs list them in the node's namespace.
import type { LabClusterNode } from './lab-cluster-node.ts';

/** Per rule of Calico's chain, in order: protocol and ports of a masquerade; a RETURN is left out. */
export function outgoingRanges({ host, flavour }: LabClusterNode): readonly string[] {
  return flavour === 'nftables'
    ? ofNft(host.print('nft', 'list', 'chain', 'ip', 'calico', 'nat-cali-nat-outgoing'))
    : ofIptables(host.print(`${flavour}-save`, '-t', 'nat'));
}

function ofNft(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, ports = 'any'] = /\bmasquerade(?: to :(\S+))? fully-random/.exec(line) ?? [];
    const protocol = /meta l4proto (\w+)/.exec(line)?.[1] ?? 'all';
    return line.includes('masquerade') ? [`${protocol} ${ports}`] : [];
  });
}

function ofIptables(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, ports = 'any'] = /--to-ports (\S+)/.exec(line) ?? [];
    const protocol = /-p (\w+)/.exec(line)?.[1] ?? 'all';
    return /^-A cali-nat-outgoing .* -j MASQUERADE/.test(line) ? [`${protocol} ${ports}`] : [];
  });
}
