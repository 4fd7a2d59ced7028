// The protocols that a port range is written for: Calico's natPortRange and the rulesets of our own are for TCP and UDP.
import { TCP, UDP } from '../model/protocol.ts';

/**
 * Felix writes natPortRange into its TCP and UDP rules only; whatever else leaves falls to a MASQUERADE without a range
 * (felix rules/nat.go), where the kernel takes its own ports.
 */
export function hasNatPortRange(protocol: number): boolean {
  return protocol === TCP || protocol === UDP;
}

/** Why that setting does not help the others. */
export const NOT_RULED = 'natPortRange is for TCP and UDP only';

/** Why a ruleset of our own does not help the others. */
export const RULESET_NOT_FOR_IT = 'The rules of such a table are for TCP and UDP only.';
