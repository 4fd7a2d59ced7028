// Every error code, what it means and what usually helps. Codes are never reused; docs/reference/errors.md is generated.

export const CATALOGUE = {
  PTL_USAGE: { meaning: 'A flag or argument is wrong', help: 'portolan COMMAND --help' },
  PTL_NOT_LINUX: { meaning: 'The command needs a Linux kernel', help: 'run it on a Linux machine' },
  PTL_USERNS_REFUSED: {
    meaning: 'The kernel or a policy refuses unprivileged user namespaces',
    help: 'run with sudo, or allow user namespaces (docs/reference/user-namespaces.md)',
  },
  PTL_NETLINK: {
    meaning: 'The kernel refused a netlink request',
    help: 'errno in the message; EPERM: CAP_NET_ADMIN is missing',
  },
  PTL_NETLINK_TRUNCATED: {
    meaning: 'A netlink message ends before its own length',
    help: 'report it with the hex dump',
  },
  PTL_LIBC: { meaning: 'A system call failed', help: 'errno in the message' },
  PTL_FFI: {
    meaning: 'The native library that reaches the kernel cannot be loaded',
    help: 'npm ci, on glibc or musl Linux',
  },
  PTL_NETNS: { meaning: 'A network namespace cannot be entered', help: 'check the path; entering needs CAP_SYS_ADMIN' },
  PTL_CANNOT_MEASURE: { meaning: 'Nothing could be measured', help: 'the gaps in the output say what is missing' },
  PTL_LAB: { meaning: 'A lab step failed', help: 'portolan lab list' },
  PTL_UNKNOWN_SCENARIO: { meaning: 'No lab scenario has that name', help: 'portolan lab list' },
  PTL_NO_LOAD: {
    meaning: 'There is no load that could be planned for',
    help: 'name one: portolan plan --destination 203.0.113.9:443 --rate 300/s --hold 120s',
  },
  PTL_PLAN_FILE: {
    meaning: 'A saved plan cannot be read or written',
    help: 'portolan plan --out plan.json saves one, --from plan.json prints it',
  },
  PTL_INPUT_FILE: { meaning: 'A file that was named cannot be read', help: 'check the path and its rights' },
  PTL_UNKNOWN_FILE: {
    meaning: 'A file that was named holds none of the texts that Portolan reads',
    help: 'docs/reference/files.md says which they are and how to make each',
  },
  PTL_SCENARIO_FILE: {
    meaning: 'A scenario file says something that cannot be simulated',
    help: 'docs/reference/scenario.md has every key; examples/ has files that work',
  },
} as const;

export type ErrorCode = keyof typeof CATALOGUE;
