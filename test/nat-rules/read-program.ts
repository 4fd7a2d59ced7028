// Prints one reading of the namespace it is started in.
import { readNatRules } from '../../src/kernel/nat-rules/read-nat-rules.ts';

process.stdout.write(JSON.stringify(readNatRules()));
