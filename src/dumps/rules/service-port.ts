// Names of services that nft up to 0.9 prints instead of ports unless it is called with -nn (IANA service names).

const PORTS: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  snmp: 161,
  bgp: 179,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  postgresql: 5432,
  amqp: 5672,
  'http-alt': 8080,
};

/** Undefined for a name that is not known. */
export function servicePort(name: string): number | undefined {
  return Object.hasOwn(PORTS, name) ? PORTS[name] : undefined;
}
